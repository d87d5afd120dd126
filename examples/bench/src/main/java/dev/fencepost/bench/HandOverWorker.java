package dev.fencepost.bench;

import dev.fencepost.bench.ways.Way;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One of several JVMs that want one resource. Takes the number of its threads and the nodes; is told by lines which way to go, and for how long. */
public final class HandOverWorker {
    static final String READY = "ready";
    static final String DONE = "done ";

    private HandOverWorker() {}

    /** Measures whenever it is told to. */
    public static void main(String[] arguments) throws IOException {
        int threads = Integer.parseInt(arguments[0]);
        List<String> nodes = List.of(arguments).subList(1, arguments.length);
        Map<String, Way> ways = HandOvers.ways(nodes);
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(READY);
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                int space = order.indexOf(' ');
                Way way = ways.get(order.substring(space + 1));
                if (way == null) {
                    throw new IllegalArgumentException("'" + order + "' names none of " + ways.keySet());
                }
                Duration duration = Duration.ofMillis(Long.parseLong(order.substring(0, space)));
                System.out.println(
                        DONE + HandOvers.among(threads, way, duration).line());
            }
        } finally {
            ways.values().forEach(Way::close);
        }
    }
}
