package dev.fencepost.bench.ways;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** Redisson's public API for scripts, over the pooled connections of a client for each node. */
final class RScriptTransport implements Transport {
    private final RedissonClients clients;
    private final List<RedissonClient> all;

    RScriptTransport(List<String> nodes) {
        this.clients = new RedissonClients(nodes);
        this.all = clients.all();
    }

    @Override
    public int nodes() {
        return all.size();
    }

    @Override
    public String load(String script) {
        String sha = "";
        for (RedissonClient client : all) {
            sha = client.getScript(StringCodec.INSTANCE).scriptLoad(script);
        }
        return sha;
    }

    @Override
    public CompletionStage<Long> call(int node, String sha, Object[] keys, Object... arguments) {
        return all.get(node)
                .getScript(StringCodec.INSTANCE)
                .evalShaAsync(RScript.Mode.READ_WRITE, sha, RScript.ReturnType.LONG, List.of(keys), arguments);
    }

    @Override
    public boolean isOrdered() {
        return false;
    }

    @Override
    public void close() {
        clients.close();
    }
}
