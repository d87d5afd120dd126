package dev.fencepost.chaos;

import dev.fencepost.chaos.history.Observation;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What faults can hit, and what is noticed of it.
 *
 * @param nodes the Redis nodes
 * @param members the workers
 * @param disks where each node has its data
 * @param memories lets nodes forget
 * @param store the server and the database
 * @param noticed what the faults themselves find out; for use by the thread of the nemesis
 */
record Arena(
        List<RedisServer> nodes,
        List<Path> disks,
        Memories memories,
        List<Member> members,
        StoreServer store,
        List<Observation> noticed) {
    /**
     * Where the workers write.
     *
     * @param server its process
     * @param database what is in it
     */
    record StoreServer(PostgresServer server, Database database) {}

    /**
     * All there is.
     *
     * @param vouched whether the clients are told that no disk of a node loses anything
     */
    static Arena of(List<RedisServer> nodes, boolean vouched, List<Member> members, StoreServer store) {
        List<Path> disks = nodes.stream().map(Clocks::data).toList();
        return new Arena(nodes, disks, new Memories(nodes, disks, vouched), members, store, new ArrayList<>());
    }

    /** Makes everything run that does not, and lets everything through. */
    Recoveries.Healed heal() {
        members.forEach(member -> member.links().clear());
        nodes.stream().filter(node -> !node.isRunning()).forEach(RedisServer::restart);
        nodes.forEach(RedisServer::resume);
        if (!store.server().isRunning()) {
            store.server().restart();
        }
        long ways = System.nanoTime();
        members.forEach(Member::awaitReady);
        return new Recoveries.Healed(ways, System.nanoTime());
    }
}
