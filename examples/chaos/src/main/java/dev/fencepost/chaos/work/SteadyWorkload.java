package dev.fencepost.chaos.work;

/** Takes a lock that nobody else wants and gives it back, again and again: what is measured is the lock, and neither waiting for it nor a database. */
final class SteadyWorkload implements Workload {
    private final Leases leases;
    private final String resource;

    SteadyWorkload(Tools tools) {
        this.leases = tools.leases();
        this.resource = "steady/" + Long.toHexString(tools.random().nextLong());
    }

    @Override
    public void cycle() {
        leases.acquire(resource, WAIT).close();
    }
}
