package dev.fencepost.redis.internal;

import java.net.ConnectException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.RedisOutOfMemoryException;

/** Says in a few words why a node did not take part. */
final class Reasons {
    private Reasons() {}

    static boolean isNoScript(Throwable failure) {
        return unwrapped(failure) instanceof RedisNoScriptException;
    }

    /** Whether the server has become a replica since it was looked at. */
    static boolean isReadOnly(Throwable failure) {
        String message = unwrapped(failure).getMessage();
        return message != null && message.startsWith("READONLY");
    }

    /** What went wrong, without the parameters of the command that Redisson adds: the owner is one of them. */
    static String of(Throwable failure) {
        Throwable cause = unwrapped(failure);
        String message = cause.getMessage();
        if (cause instanceof CancellationException) {
            return "the request was cancelled";
        }
        if (message == null) {
            return cause.getClass().getSimpleName();
        }
        if (cause instanceof RedisException) {
            String said = cutAt(cutAt(cutAt(message, ". channel: "), " data: "), ", params: ");
            return cause instanceof RedisOutOfMemoryException ? "OOM " + said : said;
        }
        return cause instanceof ConnectException || cause instanceof IllegalArgumentException
                ? message
                : cause.getClass().getSimpleName() + ": " + message;
    }

    /** What a stage failed with. */
    static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private static String cutAt(String message, String mark) {
        int at = message.indexOf(mark);
        return at < 0 ? message : message.substring(0, at);
    }
}
