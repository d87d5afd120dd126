package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** How markers follow from each other. */
final class Markers {
    private static final int EPOCH_BYTES = 8;

    private Markers() {}

    /**
     * Of a node that has forgotten, in a new life.
     *
     * @param node which of the quorum it is
     */
    static Marker waiting(Diagnosis.Forgotten found, Quorum quorum, int node) {
        String life = quorum.newNonce();
        long longestMillis = quorum.settings().leases().longest().toMillis();
        Optional<Marker> before = found.before();
        Seen seen = found.seen();
        return new Marker(
                false,
                life,
                before.map(Marker::numbers).orElse(new Marker.Numbers(0, 0, 0, 0)),
                new Marker.Terms(
                        before.map(marker -> Math.max(marker.terms().longestMillis(), longestMillis))
                                .orElse(longestMillis),
                        seen.nowMillis(),
                        before.isPresent()),
                new Marker.Identity(
                        before.map(marker -> marker.identity().memory()).orElse(life),
                        before.map(marker -> marker.identity().epoch()).orElse(""),
                        seen.process(),
                        quorum.name(node),
                        quorum.names()));
    }

    /**
     * Of a node that has caught up.
     *
     * @param join what justifies it
     * @param epoch that of the nodes that it caught up from
     * @param longestMillis the longest lease that any of them knows of
     * @param remembers whether it has forgotten nothing, so that the locks on it are still good
     */
    static Marker joined(Diagnosis.Waiting found, Join join, String epoch, long longestMillis, boolean remembers) {
        Marker before = found.marker();
        Marker.Numbers numbers = before.numbers();
        return new Marker(
                true,
                before.life(),
                new Marker.Numbers(
                        join.view(),
                        Math.max(join.floor(), numbers.mark()),
                        Math.max(join.floor(), numbers.floor()),
                        remembers ? numbers.settled() : join.view()),
                new Marker.Terms(longestMillis, found.seen().nowMillis(), false),
                new Marker.Identity(
                        remembers ? before.identity().memory() : before.life(),
                        epoch,
                        found.seen().process(),
                        before.identity().name(),
                        before.identity().members()));
    }

    /**
     * Of a node of a cluster that is being formatted.
     *
     * @param epoch that of the cluster
     * @param floor what all counters start from
     */
    static Marker formatted(Diagnosis.Waiting found, String epoch, long floor) {
        Marker before = found.marker();
        return new Marker(
                true,
                before.life(),
                new Marker.Numbers(0, floor, floor, 0),
                new Marker.Terms(before.terms().longestMillis(), found.seen().nowMillis(), false),
                new Marker.Identity(
                        before.life(),
                        epoch,
                        found.seen().process(),
                        before.identity().name(),
                        before.identity().members()));
    }

    /**
     * What a cluster is called that is formatted of nodes in these lives. Whoever formats it comes to the same; and a node that still lives one of these lives has never been ready in it, so that it
     * can be made so at any time.
     */
    static String epoch(List<String> lives, long floor) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((lives + "#" + floor).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, EPOCH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
