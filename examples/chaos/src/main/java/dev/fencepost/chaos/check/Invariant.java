package dev.fencepost.chaos.check;

import com.google.errorprone.annotations.Immutable;
import dev.fencepost.chaos.history.History;
import java.util.Locale;

/** What must hold, and how it is checked. Each needs nothing but the history. */
public enum Invariant {
    /** No two leases of a resource have one token. */
    TOKENS_ARE_UNIQUE(TokenChecks::unique),
    /** A lease whose acquisition was completed before another one began has the smaller token. */
    CALL_ORDER(TokenChecks::callOrder),
    /** Of two leases that counted the same node, the one that held it first has the smaller token. */
    HOLD_ORDER(TokenChecks::holdOrder),
    /** A majority of nodes reached the token while the lock was held there. */
    COVERAGE(TokenChecks::coverage),
    /** A node's counter never falls while its process lives. */
    COUNTERS_NEVER_FALL(NodeChecks::countersNeverFall),
    /** No grant counts from a server process that has not rejoined. */
    NO_VOTE_BEFORE_REJOIN(NodeChecks::noVoteBeforeRejoin),
    /** A lease is never said to last longer than from its first request, less the allowance for drift. */
    DEADLINE(LeaseChecks::deadline),
    /** While clocks are sane, no two holders of a resource are told at one time that they hold it. */
    HOLDERS_ARE_DISJOINT(LeaseChecks::disjoint),
    /** A lock that a holder counts on ends only by its time or by its holder. */
    ONLY_OWN_LOCKS_ARE_TOUCHED(NodeChecks::onlyOwnLocks),
    /** When every lease is over, no lock is left on any node. */
    NOTHING_IS_LEFT(NodeChecks::nothingLeft),
    /** A holder is told of a loss when its lease is over, whether or not nodes answer. */
    LOSS_IS_TOLD(LeaseChecks::lossIsTold),
    /** The tokens of committed writes never fall, and so nothing older commits after a claim. */
    COMMITTED_TOKENS_NEVER_FALL(StoreChecks::committedTokens),
    /** Writes of one holder are never interleaved with those of another. */
    HOLDERS_WRITE_IN_ONE_PIECE(StoreChecks::contiguous),
    /** What was acknowledged is there at the end. */
    NO_WRITE_IS_LOST(StoreChecks::nothingLost),
    /** What was refused is not there, and nothing is there that nobody wrote, or twice. */
    NO_WRITE_IS_INVENTED(StoreChecks::nothingInvented),
    /** A claim and its effects are committed together or not at all. */
    ALL_OR_NOTHING(StoreChecks::allOrNothing),
    /** After a crash of the database every acknowledged claim is in the fence table. */
    CLAIMS_SURVIVE_CRASHES(StoreChecks::claimsSurvive),
    /** Transfers under several locks keep the sum of all accounts. */
    SUM_IS_CONSTANT(StoreChecks::sum),
    /** No invoice is charged twice. (That a charge is there which was acknowledged is a matter of writes that are lost.) */
    BILLED_ONCE(StoreChecks::billedOnce),
    /** A protected table takes no write whose transaction has not claimed. */
    NO_UNCLAIMED_WRITE(StoreChecks::unclaimed),
    /** A token is refused only for a larger one that was really handed out. */
    HOLDERS_ARE_NOT_REFUSED_WITHOUT_CAUSE(StoreChecks::refusals),
    /** When faults stop, a lock can be had within the lease time and a bound. */
    RECOVERY(LeaseChecks::recovery),
    /** Descriptors, threads, connections, memory and keys do not grow with time. */
    NOTHING_LEAKS(LeakChecks::flat),
    /** While one node is down all the time, or slow, locks are had about as quickly as while none is. */
    ONE_BAD_NODE_COSTS_LITTLE(PaceChecks::within);

    private final Check check;

    Invariant(Check check) {
        this.check = check;
    }

    /** Looks at the whole history, and tells what it looked at and what is wrong. */
    @Immutable
    @FunctionalInterface
    interface Check {
        /** Adds to the findings. */
        void run(History history, Findings findings);
    }

    /** In words. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Checks this alone. */
    public Findings check(History history) {
        Findings findings = new Findings(this);
        check.run(history, findings);
        return findings;
    }
}
