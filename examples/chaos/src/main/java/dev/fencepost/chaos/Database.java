package dev.fencepost.chaos;

import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.Store;
import dev.fencepost.chaos.work.Tables;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.FencedTables;
import dev.fencepost.jdbc.Protection;
import dev.fencepost.servers.PostgresDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** The database of one trial, as the controller sees it: without the proxies that workers go through. */
final class Database {
    private final PostgresDatabase database;
    private final Jdbi jdbi;

    private Database(PostgresDatabase database) {
        this.database = database;
        this.jdbi = Jdbi.create(database.dataSource());
    }

    /** Makes the tables. */
    static Database prepare(PostgresDatabase database) {
        Database prepared = new Database(database);
        FenceSchema.migrate(database.dataSource());
        prepared.jdbi.useTransaction(Tables::create);
        FencedTables.protect(database.dataSource(), Protection.byColumn("public", "note", "resource"));
        return prepared;
    }

    String url() {
        return database.jdbcUrl();
    }

    String user() {
        return database.user();
    }

    /** Ends about half of the workers' sessions, and says how many. */
    long terminateSessions() {
        return jdbi.withHandle(handle -> handle.createQuery(Tables.sql("terminate")).mapTo(Boolean.class).stream()
                .filter(ended -> ended)
                .count());
    }

    /** Everything that there is, in one transaction. */
    Store read() {
        return jdbi.inTransaction(handle -> {
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            List<Store.Row> audit = handle.createQuery(Tables.sql("audit"))
                    .map((row, context) -> new Store.Row(
                            new Holder(row.getString("resource"), row.getLong("token"), row.getString("owner")),
                            row.getString("id")))
                    .list();
            Map<String, Holder> fence = new HashMap<>();
            handle.createQuery(Tables.sql("fence"))
                    .map((row, context) ->
                            new Holder(row.getString("resource"), row.getLong("last_token"), row.getString("owner")))
                    .forEach(holder -> fence.put(holder.resource(), holder));
            List<String> effects = handle.createQuery(Tables.sql("effects"))
                    .mapTo(String.class)
                    .list();
            Map<String, Long> charges = new HashMap<>();
            handle.createQuery(Tables.sql("charges"))
                    .map((row, context) -> Map.entry(row.getString("invoice"), row.getLong("times")))
                    .forEach(charge -> charges.put(charge.getKey(), charge.getValue()));
            return new Store(audit, fence, effects, charges);
        });
    }
}
