package dev.fencepost.redis.internal;

import dev.fencepost.spi.NodeReply;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the scripts answer. Whatever cannot be understood is a node that does not take part. */
final class Replies {
    private Replies() {}

    static NodeReply of(@Nullable List<Object> reply, @Nullable Throwable failure) {
        if (failure != null) {
            return new NodeReply.Unavailable(Reasons.of(failure));
        }
        if (reply == null || reply.size() < 2) {
            return strange(reply);
        }
        String value = String.valueOf(reply.get(1));
        return switch (String.valueOf(reply.get(0))) {
            case "GRANTED" -> number(value) > 0 ? new NodeReply.Granted(number(value)) : strange(reply);
            case "HELD" -> new NodeReply.Held(number(value) < 0 ? Long.MAX_VALUE : number(value));
            case "DONE" -> NodeReply.Done.INSTANCE;
            case "RELEASED" -> new NodeReply.Released(Math.max(0, number(value)));
            case "NOT_HELD" -> NodeReply.NotHeld.INSTANCE;
            case "VIEW" -> number(value) >= 0 ? new NodeReply.NewerView(number(value)) : strange(reply);
            case "FORGOTTEN" -> NodeReply.Forgotten.INSTANCE;
            case "ADVANCED" ->
                NodeReply.Marker.parse(value)
                        .<NodeReply>map(NodeReply.Advanced::new)
                        .orElse(strange(reply));
            case "EXHAUSTED" -> new NodeReply.Exhausted(value);
            default -> strange(reply);
        };
    }

    /** One reply for each of so many locks. */
    static List<NodeReply> ofEach(int locks, @Nullable List<Object> reply, @Nullable Throwable failure) {
        if (failure == null && reply != null && reply.contains("FORGOTTEN")) {
            return Collections.nCopies(locks, NodeReply.Forgotten.INSTANCE);
        }
        if (failure != null || reply == null || reply.size() != locks) {
            NodeReply all = failure == null ? strange(reply) : new NodeReply.Unavailable(Reasons.of(failure));
            return Collections.nCopies(locks, all);
        }
        return reply.stream()
                .map(one -> switch (String.valueOf(one)) {
                    case "DONE" -> NodeReply.Done.INSTANCE;
                    case "NOT_HELD" -> NodeReply.NotHeld.INSTANCE;
                    default -> strange(reply);
                })
                .toList();
    }

    private static NodeReply strange(@Nullable List<Object> reply) {
        return new NodeReply.Unavailable("answered what no script of this version answers: " + reply);
    }

    /** The number in a text, or -1 if it is none. */
    static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
