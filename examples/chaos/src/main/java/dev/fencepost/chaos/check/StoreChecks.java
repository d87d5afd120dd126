package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Store;
import dev.fencepost.chaos.history.WriteFact;
import dev.fencepost.chaos.history.WriteFact.Kind;
import dev.fencepost.chaos.history.WriteFact.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The store: what was admitted, what is there, and what must not be. */
final class StoreChecks {
    private StoreChecks() {}

    static void committedTokens(History history, Findings findings) {
        rows(history).values().forEach(rows -> {
            long largest = 0;
            for (Store.Row row : rows) {
                long before = largest;
                findings.expect(
                        row.holder().token() >= before,
                        () -> row.id() + " was committed under " + row.holder() + " after one under " + before);
                largest = Math.max(largest, row.holder().token());
            }
        });
    }

    /** Each holder's rows stand together: once another one has written, a holder is over. */
    static void contiguous(History history, Findings findings) {
        rows(history).values().forEach(rows -> {
            Set<Holder> over = new HashSet<>();
            Holder last = null;
            for (Store.Row row : rows) {
                if (last != null && !row.holder().equals(last)) {
                    over.add(last);
                }
                findings.expect(
                        !over.contains(row.holder()), () -> row.holder() + " wrote " + row.id() + " between others");
                last = row.holder();
            }
        });
    }

    static void nothingLost(History history, Findings findings) {
        Set<String> audit = auditIds(history);
        Set<String> effects = new HashSet<>(history.store().effects());
        for (WriteFact write : history.writes()) {
            if (write.outcome() == Outcome.STORED) {
                boolean there =
                        audit.contains(write.id()) && (!leavesAnEffect(write.kind()) || effects.contains(write.id()));
                findings.expect(there, () -> write.id() + " under " + write.holder() + " was acknowledged and is gone");
            }
        }
    }

    static void nothingInvented(History history, Findings findings) {
        Map<String, WriteFact> writes = new HashMap<>();
        history.writes().forEach(write -> writes.put(write.id(), write));
        List<String> all = new ArrayList<>(history.store().effects());
        Consumer<List<String>> once = ids -> {
            Set<String> seen = new HashSet<>();
            for (String id : ids) {
                WriteFact write = writes.get(id);
                findings.expect(write != null, () -> id + " is there, and nobody wrote it");
                findings.expect(seen.add(id), () -> id + " is there twice");
                findings.expect(
                        write == null || write.outcome() != Outcome.REFUSED,
                        () -> id + " is there, and its writer was told that it is not");
            }
        };
        once.accept(all);
        once.accept(history.store().audit().stream().map(Store.Row::id).toList());
    }

    static void allOrNothing(History history, Findings findings) {
        Set<String> effects = new HashSet<>(history.store().effects());
        Set<String> audit = auditIds(history);
        effects.forEach(id -> findings.expect(
                audit.contains(id), () -> "the effect of " + id + " is there without the row of its claim"));
        rows(history).forEach((resource, rows) -> {
            Holder last = rows.get(rows.size() - 1).holder();
            Holder fence = history.store().fence().get(resource);
            findings.expect(
                    fence != null && fence.token() >= last.token(),
                    () -> "the last write was under " + last + ", but the fence stands at " + fence);
        });
    }

    static void claimsSurvive(History history, Findings findings) {
        Map<String, List<WriteFact>> stored = history.writes().stream()
                .filter(write -> write.outcome() == Outcome.STORED)
                .collect(Collectors.groupingBy(write -> write.holder().resource()));
        for (Observation observation : history.observations()) {
            if (observation instanceof Observation.AfterCrash seen) {
                long acknowledged = stored.getOrDefault(seen.resource(), List.of()).stream()
                        .filter(write -> write.span().to() < seen.crash())
                        .mapToLong(write -> write.holder().token())
                        .max()
                        .orElse(0);
                findings.expect(
                        seen.lastToken() >= acknowledged,
                        () -> "after a crash the fence of " + seen.resource() + " stood at " + seen.lastToken()
                                + ", but " + acknowledged + " had been acknowledged");
            }
        }
    }

    static void sum(History history, Findings findings) {
        for (Observation observation : history.observations()) {
            if (observation instanceof Observation.Sum sum) {
                findings.expect(
                        sum.expected() == sum.actual(),
                        () -> "all accounts have " + sum.actual() + ", but began with " + sum.expected());
            }
        }
    }

    static void billedOnce(History history, Findings findings) {
        history.store()
                .charges()
                .forEach((invoice, times) ->
                        findings.expect(times <= 1, () -> "invoice " + invoice + " was charged " + times + " times"));
    }

    static void unclaimed(History history, Findings findings) {
        for (Observation observation : history.observations()) {
            if (observation instanceof Observation.Unclaimed write) {
                findings.expect(!write.stored(), () -> write.id() + " was stored without a claim");
            }
        }
    }

    static void refusals(History history, Findings findings) {
        Map<String, Set<Long>> handedOut = new HashMap<>();
        for (LeaseFact lease : history.leases()) {
            handedOut
                    .computeIfAbsent(lease.holder().resource(), resource -> new HashSet<>())
                    .add(lease.holder().token());
        }
        for (Observation observation : history.observations()) {
            if (observation instanceof Observation.Refusal refusal) {
                Holder holder = refusal.holder();
                Set<Long> tokens = handedOut.getOrDefault(holder.resource(), Set.of());
                findings.expect(
                        refusal.lastToken() > holder.token() && tokens.contains(refusal.lastToken()),
                        () -> holder + " was refused for " + refusal.lastToken()
                                + ", which is not larger or was never handed out");
            }
        }
    }

    private static boolean leavesAnEffect(Kind kind) {
        return kind == Kind.ADD || kind == Kind.NOTE || kind == Kind.CHARGE;
    }

    private static Set<String> auditIds(History history) {
        return history.store().audit().stream().map(Store.Row::id).collect(Collectors.toSet());
    }

    private static Map<String, List<Store.Row>> rows(History history) {
        return history.store().audit().stream()
                .collect(Collectors.groupingBy(row -> row.holder().resource()));
    }
}
