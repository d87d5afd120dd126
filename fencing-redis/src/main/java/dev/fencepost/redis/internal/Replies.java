package dev.fencepost.redis.internal;

import dev.fencepost.spi.NodeReply;
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
            case "NOT_HELD" -> NodeReply.NotHeld.INSTANCE;
            case "VIEW" -> number(value) > 0 ? new NodeReply.NewerView(number(value)) : strange(reply);
            case "EXHAUSTED" -> new NodeReply.Exhausted(value);
            default -> strange(reply);
        };
    }

    private static NodeReply strange(@Nullable List<Object> reply) {
        return new NodeReply.Unavailable("answered what no script of this version answers: " + reply);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
