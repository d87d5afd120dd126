package dev.fencepost.internal;

import dev.fencepost.spi.LockNode.Membership;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Condition;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A member that is as the test says, and does atomically what it is asked. Answers at once. Not for use by several threads at a time. */
final class ScriptedMembership implements Membership {
    private String process = "";
    private Optional<Marker> marker = Optional.empty();
    private long nowMillis;
    private Runnable attention = () -> {};
    private Runnable afterLook = () -> {};
    private String held = "";
    private boolean used;
    private final List<String> asked = new ArrayList<>();

    /** It can be looked at, under this process and with what it says of itself. */
    ScriptedMembership being(String runs, Optional<Marker> says) {
        process = runs;
        marker = says;
        return this;
    }

    void after(long millis) {
        nowMillis += millis;
    }

    /** This happens when it has been looked at once more. */
    void afterNextLook(Runnable event) {
        afterLook = event;
    }

    void attend() {
        attention.run();
    }

    Optional<Marker> marker() {
        return marker;
    }

    String held() {
        return held;
    }

    boolean isUsed() {
        return used;
    }

    /** What was asked, in order, but for looks. */
    List<String> asked() {
        return asked;
    }

    @Override
    public void onAttention(Runnable look) {
        attention = look;
    }

    @Override
    public CompletionStage<NodeReply> look() {
        if (process.isEmpty()) {
            return CompletableFuture.completedStage(new NodeReply.Unavailable("is not there"));
        }
        NodeReply seen = new Seen(
                marker.map(Marker::text).orElse(""), marker, process, nowMillis, new Condition("", false, Map.of()));
        Runnable event = afterLook;
        afterLook = () -> {};
        event.run();
        return CompletableFuture.completedStage(seen);
    }

    @Override
    public CompletionStage<NodeReply> exchange(String expected, Marker next) {
        asked.add("exchange");
        if (!marker.map(Marker::text).orElse("").equals(expected)) {
            return CompletableFuture.completedStage(NodeReply.Forgotten.INSTANCE);
        }
        marker = Optional.of(next);
        return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
    }

    @Override
    public CompletionStage<NodeReply> advance(long view, long longestMillis) {
        asked.add("advance to " + view);
        if (marker.isEmpty() || !marker.get().ready()) {
            return CompletableFuture.completedStage(NodeReply.Forgotten.INSTANCE);
        }
        Marker now = marker.get();
        if (now.numbers().view() >= view) {
            return CompletableFuture.completedStage(
                    new NodeReply.NewerView(now.numbers().view()));
        }
        Marker moved = new Marker(
                true,
                now.life(),
                new Marker.Numbers(
                        view,
                        now.numbers().mark(),
                        now.numbers().floor(),
                        now.numbers().settled()),
                now.terms(),
                now.identity());
        marker = Optional.of(moved);
        return CompletableFuture.completedStage(new NodeReply.Advanced(moved));
    }

    @Override
    public CompletionStage<NodeReply> admit(Marker to) {
        held = "";
        return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
    }

    @Override
    public void use() {
        used = true;
    }

    @Override
    public void hold(String why) {
        used = false;
        held = why;
    }
}
