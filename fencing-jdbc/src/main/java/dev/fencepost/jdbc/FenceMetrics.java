package dev.fencepost.jdbc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Turns the events of a guard into Micrometer meters. Give it to {@link FenceGuard#telling}. Needs {@code io.micrometer:micrometer-core}, which this library does not bring.
 *
 * <p>The names, units and tags are in {@code docs/guard.md}, and stay as they are. No meter has the name of a resource for a tag, since there is no end to those; a function may map each to one of a few
 * groups.
 *
 * <p>What is admitted may still fail later in its transaction. May be shared between threads and guards.
 */
public final class FenceMetrics implements FenceListener {
    private static final String PREFIX = "fencepost.guard.";
    private static final String GROUP = "group";

    private final MeterRegistry registry;
    private final UnaryOperator<String> groups;

    private FenceMetrics(MeterRegistry registry, UnaryOperator<String> groups) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.groups = Objects.requireNonNull(groups, "groups");
    }

    /**
     * Metrics in which all resources are one group, {@code all}.
     *
     * @param registry where the meters are
     * @return a listener for one or more guards
     */
    public static FenceMetrics in(MeterRegistry registry) {
        return in(registry, resource -> "all");
    }

    /**
     * Metrics by groups of resources.
     *
     * @param registry where the meters are
     * @param groups names the group of a resource; there should be few groups, since each makes meters of its own
     * @return a listener for one or more guards
     */
    public static FenceMetrics in(MeterRegistry registry, UnaryOperator<String> groups) {
        return new FenceMetrics(registry, groups);
    }

    /**
     * Shows how many unclaimed writes the protected tables have reported in the mode that lets them through ({@link ProtectedTable#reported()}), one gauge for each table. The database is
     * asked whenever a gauge is read, and the gauge is NaN when it does not answer. Tables that are protected later need another call.
     *
     * @param dataSource the database
     * @return this
     * @throws FenceSchemaException if the database cannot tell which tables are protected
     * @throws StoreUnavailableException if it could not be reached
     */
    public FenceMetrics showing(DataSource dataSource) {
        for (ProtectedTable table : FencedTables.inspect(dataSource)) {
            Protection protection = table.protection();
            Gauge.builder(PREFIX + "unclaimed", () -> reported(dataSource, protection))
                    .description("Rows written without a claim, reported and let through")
                    .baseUnit("rows")
                    .tag("table", protection.schema() + "." + protection.table())
                    .strongReference(true)
                    .register(registry);
        }
        return this;
    }

    private static double reported(DataSource dataSource, Protection protection) {
        // Not found means not protected any more. Micrometer turns what is thrown into NaN.
        return FencedTables.inspect(dataSource).stream()
                .filter(table -> table.protection().schema().equals(protection.schema())
                        && table.protection().table().equals(protection.table()))
                .findFirst()
                .map(table -> (double) table.reported())
                .orElse(Double.NaN);
    }

    @Override
    public void on(FenceEvent event) {
        String group = groups.apply(event.token().resource());
        if (event instanceof FenceEvent.Admitted) {
            count("admitted", "Tokens that were admitted", group);
        } else if (event instanceof FenceEvent.RefusedAsStale refused) {
            DistributionSummary.builder(PREFIX + "stale")
                    .description("Tokens that were refused, by how many numbers they were behind")
                    .baseUnit("tokens")
                    .tag(GROUP, group)
                    .register(registry)
                    .record((double) refused.age());
        } else if (event instanceof FenceEvent.AlreadyApplied) {
            count("already.applied", "Repeated writes that were applied before", group);
        } else if (event instanceof FenceEvent.Retried) {
            count("retried", "Transactions that lost a race and were tried again", group);
        }
    }

    private void count(String name, String description, String group) {
        Counter.builder(PREFIX + name)
                .description(description)
                .tag(GROUP, group)
                .register(registry)
                .increment();
    }
}
