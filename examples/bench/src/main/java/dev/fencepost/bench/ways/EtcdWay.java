package dev.fencepost.bench.ways;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** etcd's lock service on three local members, which do wait for the disk: etcd 3.4 cannot do otherwise. One lease for all locks of the client, as its documentation has it. */
public final class EtcdWay implements Way {
    private static final int MEMBERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LEASE_SECONDS = 300;

    private final Path directory;
    private final List<Process> members = new ArrayList<>();
    private final Client client;
    private final long lease;

    /** The installed server, if there is one on the path. */
    public static Optional<Path> installed() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, "etcd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts the members and connects. */
    public EtcdWay(Path binary) throws Exception {
        directory = Files.createTempDirectory("fencepost-etcd-");
        List<String> clients = urls();
        List<String> peers = urls();
        try {
            for (int i = 0; i < MEMBERS; i++) {
                members.add(start(binary, i, clients.get(i), peers));
            }
            client = Client.builder().endpoints(clients.toArray(String[]::new)).build();
            lease = client.getLeaseClient()
                    .grant(LEASE_SECONDS)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .getID();
        } catch (Exception e) {
            members.forEach(Process::destroyForcibly);
            throw e;
        }
    }

    private Process start(Path binary, int number, String clientUrl, List<String> peers) throws IOException {
        String cluster = IntStream.range(0, MEMBERS)
                .mapToObj(i -> "m" + i + "=" + peers.get(i))
                .collect(Collectors.joining(","));
        List<String> command = new ArrayList<>(List.of(binary.toString(), "--name", "m" + number));
        command.addAll(List.of("--data-dir", directory.resolve("m" + number).toString()));
        command.addAll(List.of("--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl));
        command.addAll(List.of("--listen-peer-urls", peers.get(number)));
        command.addAll(List.of("--initial-advertise-peer-urls", peers.get(number)));
        command.addAll(List.of("--initial-cluster", cluster, "--initial-cluster-state", "new"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("m" + number + ".log").toFile())
                .start();
    }

    private static List<String> urls() throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        List<String> urls = new ArrayList<>();
        for (ServerSocket one : taken) {
            urls.add("http://127.0.0.1:" + one.getLocalPort());
            one.close();
        }
        return urls;
    }

    @Override
    public String title() {
        return "etcd, 3 members with fsync, revision";
    }

    @Override
    public Runnable acquire(String resource) {
        ByteSequence name = ByteSequence.from(resource, StandardCharsets.UTF_8);
        ByteSequence key = client.getLockClient()
                .lock(name, lease)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join()
                .getKey();
        return () -> client.getLockClient()
                .unlock(key)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        client.close();
        members.forEach(member -> member.destroyForcibly().onExit().join());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + directory, e);
        }
    }
}
