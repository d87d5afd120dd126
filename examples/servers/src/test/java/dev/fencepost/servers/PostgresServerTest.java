package dev.fencepost.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresServerTest {
    private PostgresServer postgres;

    @BeforeAll
    void start() {
        postgres = PostgresServer.start();
    }

    @AfterAll
    void stop() {
        postgres.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    void commitMeansThatItIsOnDisk(String setting) throws SQLException {
        assertThat(query(postgres.dataSource(), "SHOW " + setting)).isEqualTo("on");
    }

    @Test
    void newDatabaseIsEmptyAndApartFromTheOthers() throws SQLException {
        DataSource one = postgres.newDatabase().dataSource();
        DataSource other = postgres.newDatabase().dataSource();

        update(one, "CREATE TABLE account (id int)");

        assertThat(query(one, "SELECT to_regclass('account') IS NULL")).isEqualTo("f");
        assertThat(query(other, "SELECT to_regclass('account') IS NULL")).isEqualTo("t");
    }

    @Test
    void immediateStopKeepsWhatWasCommitted() throws SQLException {
        keepsWhatWasCommitted(PostgresServer::stopImmediate);
    }

    @Test
    void killKeepsWhatWasCommitted() throws SQLException {
        keepsWhatWasCommitted(PostgresServer::kill);
    }

    private void keepsWhatWasCommitted(java.util.function.Consumer<PostgresServer> end) throws SQLException {
        DataSource source = postgres.newDatabase().dataSource();
        update(source, "CREATE TABLE account (id int)");
        update(source, "INSERT INTO account VALUES (1)");
        try (Connection open = source.getConnection();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO account VALUES (2)");

            end.accept(postgres);

            assertThat(postgres.isRunning()).isFalse();
            assertThatThrownBy(open::commit).isInstanceOf(SQLException.class);
        }
        postgres.restart();
        assertThat(query(source, "SELECT string_agg(id::text, ',') FROM account"))
                .isEqualTo("1");
    }

    @Test
    void pausedServerAnswersWhenItIsResumed() throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 200);
            postgres.pause();
            assertThatThrownBy(() -> statement.executeQuery("SELECT 1")).hasMessageContaining("I/O error");
        } finally {
            postgres.resume();
        }
        assertThat(query(postgres.dataSource(), "SELECT 1")).isEqualTo("1");
    }

    private static void update(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
