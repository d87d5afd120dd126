package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.WriteFact.Kind;
import java.util.List;
import java.util.Map;

/** Moves money between two accounts under the locks of both: reads both, computes, writes both. The sum of all accounts must not change. */
final class BankWorkload implements Workload {
    private static final int SUM_ONE_IN = 10;
    private static final int MOST_CENTS = 100;

    private final Tools tools;

    BankWorkload(Tools tools) {
        this.tools = tools;
    }

    @Override
    public void cycle() {
        if (tools.random().nextInt(SUM_ONE_IN) == 0) {
            long sum = tools.store().jdbi().withHandle(Tables::sum);
            tools.store().recorder().observation(new Observation.Sum(Tables.SUM, sum));
        }
        int from = tools.random().nextInt(Tables.ACCOUNTS);
        int to = (from + 1 + tools.random().nextInt(Tables.ACCOUNTS - 1)) % Tables.ACCOUNTS;
        List<String> accounts = List.of(Tables.account(from), Tables.account(to));
        long cents = tools.random().nextInt(MOST_CENTS) + 1L;
        try (RecordedLease lease = tools.leases().acquireAll(accounts, WAIT)) {
            String id = tools.store().writes().nextId();
            tools.points().reach(Point.BEFORE_CLAIM);
            tools.store()
                    .writes()
                    .run(Kind.TRANSFER, lease.tokens(), id, () -> transfer(lease.tokens(), accounts, cents, id));
        }
    }

    private void transfer(List<FencingToken> tokens, List<String> accounts, long cents, String id) {
        Guarding guarding = tools.store().guarding();
        Map<String, Long> balances = guarding.read(tokens, handle -> {
            tools.points().reach(Point.BETWEEN_CLAIM_AND_READ);
            return Tables.balances(handle, accounts);
        });
        tools.points().reach(Point.BETWEEN_READ_AND_WRITE);
        guarding.write(tokens, handle -> {
            Tables.setBalance(handle, accounts.get(0), balances.getOrDefault(accounts.get(0), 0L) - cents);
            Tables.setBalance(handle, accounts.get(1), balances.getOrDefault(accounts.get(1), 0L) + cents);
            Tables.audit(handle, tokens, id);
            tools.points().reach(Point.BETWEEN_WRITE_AND_COMMIT);
        });
    }
}
