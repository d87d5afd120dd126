package dev.fencepost.chaos;

import dev.fencepost.chaos.nemesis.Proxy;
import dev.fencepost.chaos.work.WorkerSettings;
import dev.fencepost.servers.RedisServers;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The proxies of one worker: every connection that it has goes through one of them.
 *
 * @param nodes one before each node, in their order
 * @param store the one before the database
 */
record Links(List<Proxy> nodes, Proxy store) implements AutoCloseable {
    static Links before(RedisServers redis, Database database) {
        List<Proxy> nodes = redis.nodes().stream()
                .map(node -> Proxy.before(node.host(), node.port()))
                .toList();
        URI url = URI.create(database.url().substring("jdbc:".length()));
        return new Links(nodes, Proxy.before(url.getHost(), url.getPort()));
    }

    /** The nodes as the worker is to reach them. */
    List<String> nodeUris() {
        return IntStream.range(0, nodes.size())
                .mapToObj(i -> named("redis://127.0.0.1:" + nodes.get(i).port(), i))
                .toList();
    }

    /** An address of a node that is called the same by everybody, at whatever address they reach it. */
    static String named(String uri, int index) {
        return uri + "#node-" + index;
    }

    /** The database as the worker is to reach it. */
    WorkerSettings.Database database(Database database) {
        URI url = URI.create(database.url().substring("jdbc:".length()));
        return new WorkerSettings.Database(
                "jdbc:postgresql://127.0.0.1:" + store.port() + url.getPath(), database.user());
    }

    /** Lets everything through. */
    void clear() {
        all().forEach(Proxy::clear);
    }

    @Override
    public void close() {
        all().forEach(Proxy::close);
    }

    private List<Proxy> all() {
        List<Proxy> all = new ArrayList<>(nodes);
        all.add(store);
        return all;
    }
}
