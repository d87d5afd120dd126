package dev.fencepost.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The first Java block of the README is compiled here, word for word, and run. */
final class QuickStartTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path THIS = Path.of("src/test/java/dev/fencepost/examples/QuickStartTest.java");

    private static final RedisServers REDIS = RedisServers.start(3);

    /** Stands in for the class of the same name for one thing only: the addresses of the README are not those of the servers here. */
    private static final class RedisLocks {
        static LockClient connect(String... addresses) {
            assertThat(addresses).containsExactly("redis://a:6379", "redis://b:6379", "redis://c:6379");
            return dev.fencepost.redis.RedisLocks.connect(REDIS.uris());
        }
    }

    @AfterAll
    static void stopRedis() {
        REDIS.close();
    }

    @Test
    void quickStartChargesTheInvoice() {
        try (PostgresServer postgres = PostgresServer.start()) {
            DataSource dataSource = postgres.newDatabase().dataSource();
            Jdbi jdbi = Jdbi.create(dataSource);
            jdbi.useHandle(handle -> handle.execute("CREATE TABLE charge (invoice_id bigint, cents integer)"));

            quickStart(dataSource, jdbi);

            List<String> charges =
                    jdbi.withHandle(handle -> handle.createQuery("SELECT invoice_id || ':' || cents FROM charge")
                            .mapTo(String.class)
                            .list());
            assertThat(charges).containsExactly("42:9900");
        }
    }

    @Test
    void readmeShowsTheQuickStartThatIsTestedHere() throws IOException {
        String tested = block(THIS, "// README begin\n(?<block>.*?)// README end");
        String shown = block(README, "```java\n(?<block>.*?)```");

        // The build formats this file, and not the README: where lines break is all that may differ.
        assertThat(shown).isEqualToIgnoringWhitespace(tested);
    }

    private static void quickStart(DataSource dataSource, Jdbi jdbi) {
        // README begin
        try (LockClient locks = RedisLocks.connect("redis://a:6379", "redis://b:6379", "redis://c:6379")) {
            FenceSchema.migrate(dataSource); // once, at start-up
            FenceGuard guard = FenceGuard.of(jdbi); // or FenceGuard.of(dataSource)

            try (Lease lease = locks.acquire("invoice/42", Duration.ofSeconds(5))) {
                guard.writeOnce(
                        lease.token(),
                        handle -> handle.execute("INSERT INTO charge (invoice_id, cents) VALUES (?, ?)", 42, 9900));
            }
        }
        // README end
    }

    private static String block(Path file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(Files.readString(file));
        assertThat(matcher.find()).as(pattern + " in " + file).isTrue();
        return matcher.group("block");
    }
}
