package dev.fencepost.bench;

import dev.fencepost.servers.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Several JVMs that want one resource at the same time. */
final class HandOverWorkers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<WorkerProcess> workers = new ArrayList<>();

    HandOverWorkers(int jvms, int threads, List<String> nodes) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(threads)));
        arguments.addAll(nodes);
        for (int i = 0; i < jvms; i++) {
            workers.add(WorkerProcess.start("hand-over-" + i, HandOverWorker.class, arguments.toArray(String[]::new)));
        }
        workers.forEach(worker -> worker.awaitLine(HandOverWorker.READY::equals, PATIENCE));
    }

    HandOvers run(String way, Duration duration) {
        workers.forEach(worker -> worker.send(duration.toMillis() + " " + way));
        return HandOvers.together(workers.stream()
                .map(worker -> worker.awaitLine(line -> line.startsWith(HandOverWorker.DONE), PATIENCE))
                .map(line -> HandOvers.parse(line.substring(HandOverWorker.DONE.length())))
                .toList());
    }

    @Override
    public void close() {
        workers.forEach(WorkerProcess::close);
    }
}
