package dev.fencepost.redis.internal;

import dev.fencepost.spi.NodeReply.Marker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a client stands on with a node: a connection, and the life that the node was admitted in.
 *
 * @param session null without a connection
 * @param life null unless the node was admitted
 * @param inUse whether requests may go out
 * @param why why they may not
 */
record Footing(@Nullable Session session, @Nullable Life life, boolean inUse, String why) {
    private static final int TAG = 8;

    /**
     * A life of a node, with the scripts that know it.
     *
     * @param id the nonce of the life
     * @param tag what the names of owners end with on the node, so that locks from before it forgot are told apart
     * @param epoch that of the views which mean something on it
     */
    record Life(String id, String tag, String epoch, Map<Script, Script.Loaded> scripts) {
        static Life of(Marker marker) {
            return new Life(
                    marker.life(),
                    tag(marker),
                    marker.identity().epoch(),
                    Script.of(marker.life(), marker.identity().process()));
        }

        /** What the names of owners end with on a node of this marker. */
        static String tag(Marker marker) {
            String memory = marker.identity().memory();
            return "@" + memory.substring(0, Math.min(TAG, memory.length()));
        }

        /** Puts the scripts on the process of this life, and completes with whether it still was that one. */
        CompletionStage<Boolean> load(Session session, String markerKey) {
            List<CompletableFuture<List<Object>>> replies = scripts.values().stream()
                    .map(script -> session.eval(script.text(), List.of(markerKey), List.of())
                            .toCompletableFuture())
                    .toList();
            return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                    .thenApply(all ->
                            replies.stream().allMatch(reply -> reply.join().contains("LOADED")));
        }

        Script.Loaded script(Script script) {
            Script.Loaded loaded = scripts.get(script);
            if (loaded == null) {
                throw new IllegalStateException("there is no " + script);
            }
            return loaded;
        }
    }

    static Footing none(String why) {
        return new Footing(null, null, false, why);
    }

    static Footing on(Session session) {
        return new Footing(session, null, false, "it was not looked at yet");
    }

    Footing admitted(Life to) {
        return new Footing(session, to, false, "it is not known yet which view the nodes are in");
    }

    Footing used() {
        return new Footing(session, life, true, "");
    }

    Footing held(String reason) {
        return new Footing(session, null, false, reason);
    }

    boolean isLife(String other) {
        return life != null && life.id.equals(other);
    }

    /** Why nothing can be sent, if nothing can. */
    String whyNot() {
        return inUse ? "hung: " + Session.MAX_UNANSWERED + " requests to it are unanswered" : why;
    }

    /** The connection, if requests may go out on it. */
    @Nullable
    Session usable() {
        return inUse && session != null && !session.isChoked() ? session : null;
    }
}
