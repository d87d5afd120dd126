package dev.fencepost.redis.internal;

import dev.fencepost.FencingToken;
import java.util.ArrayList;
import java.util.List;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.StringCodec;

/** Runs the script that admits tokens and writes under them. Safe for use by many threads. */
public final class FenceScript {
    /** What the keys of fences begin with. */
    public static final String PREFIX = "fencepost:fence:";

    private static final String TEXT = Script.read("/dev/fencepost/redis/fence.lua");
    private static final String SHA1 = Script.sha1(TEXT);

    private final RedissonClient redisson;

    /** Runs it on what the client is connected to. */
    public FenceScript(RedissonClient redisson) {
        this.redisson = redisson;
    }

    /** What the store says to a token. */
    public enum Verdict {
        /** Newer than every one before; or, where it may write once, that write was made now. */
        CLAIMED,
        /** The newest one already; or, where it may write once, that write had been made. */
        CURRENT,
        /** Refused. */
        STALE
    }

    /**
     * A verdict, and the token that the store has admitted last.
     */
    public record Reply(Verdict verdict, long lastToken) {}

    /**
     * A change of a key.
     *
     * @param kind the name of the Redis command
     * @param values what follows the key in it
     */
    public record Change(String key, String kind, List<String> values) {}

    /** Admits the token and makes the changes, or refuses it and makes none. */
    public Reply run(FencingToken token, boolean once, List<Change> changes) {
        List<Object> keys = new ArrayList<>();
        List<Object> args = new ArrayList<>();
        keys.add(PREFIX + "{" + token.resource() + "}");
        args.add(Long.toString(token.value()));
        args.add(token.owner());
        args.add(once ? "once" : "many");
        for (Change change : changes) {
            keys.add(change.key());
            args.add(change.kind());
            args.add(Integer.toString(change.values().size()));
            args.addAll(change.values());
        }
        List<Object> reply = call(keys, args.toArray());
        return new Reply(Verdict.valueOf(String.valueOf(reply.get(0))), Long.parseLong(String.valueOf(reply.get(1))));
    }

    private List<Object> call(List<Object> keys, Object[] args) {
        RScript script = redisson.getScript(StringCodec.INSTANCE);
        try {
            return script.evalSha(RScript.Mode.READ_WRITE, SHA1, RScript.ReturnType.LIST, keys, args);
        } catch (RedisNoScriptException e) {
            // Nothing was done. EVAL loads it, too.
            return script.eval(RScript.Mode.READ_WRITE, TEXT, RScript.ReturnType.LIST, keys, args);
        }
    }
}
