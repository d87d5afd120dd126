package dev.fencepost.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the algorithm relies on, of every kind of node. Each test has a node that is new: no lock, no counter, view 0. */
public abstract class LockNodeContract extends HandOverTests {
    /** For the tests of each kind of node. */
    protected LockNodeContract() {}

    @Test
    void grantsOfOneResourceCountUpFromOne() {
        assertThat(grant(R, "a")).isEqualTo(granted(1));
        release(R, "a", 1);
        assertThat(grant(R, "b")).isEqualTo(granted(2));
    }

    @Test
    void aResourceThatIsHeldIsRefusedToOthersWithTheTimeThatIsLeft() {
        grant(R, "a");

        assertThat(remaining(R)).isBetween(TTL - 10_000, TTL);
        pass(R, Duration.ofSeconds(15));
        assertThat(remaining(R)).isBetween(TTL - 25_000, TTL - 15_000);
    }

    @Test
    void aRefusedGrantTakesNoNumber() {
        grant(R, "a");
        grant(R, "b");
        release(R, "a", 1);

        assertThat(grant(R, "c")).isEqualTo(granted(2));
    }

    @Test
    void aGrantThatComesAgainTakesTheNextNumberAndLivesFromThen() {
        grant(R, "a");
        pass(R, Duration.ofSeconds(15));

        assertThat(grant(R, "a")).isEqualTo(granted(2));
        assertThat(remaining(R)).isGreaterThan(TTL - 10_000);
    }

    /** It may be the late copy of one that was followed by an extension, which the holder counts on. */
    @Test
    void aGrantThatComesAgainDoesNotShortenTheLock() {
        grant(R, "a");
        extend(R, "a", 1, 2 * TTL);
        grant(R, "a");

        assertThat(remaining(R)).isGreaterThan(TTL);
    }

    @Test
    void aRestorationDoesNotShortenTheLock() {
        grant(R, "a");
        extend(R, "a", 1, 2 * TTL);

        assertThat(restore(R, "a", 1)).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(remaining(R)).isGreaterThan(TTL);
    }

    @Test
    void aLockEndsWithItsTimeAndItsCounterStays() {
        grant(R, "a");
        pass(R, Duration.ofMillis(TTL + 1_000));

        assertThat(grant(R, "b")).isEqualTo(granted(2));
    }

    @Test
    void aGrantPassesTheFloor() {
        assertThat(await(node.grant(request(R, "a"), TTL, 41))).isEqualTo(granted(42));
        assertThat(await(node.grant(request(R, "a"), TTL, 7))).isEqualTo(granted(43));
    }

    @Test
    void aRaiseLiftsTheCounterOfItsOwner() {
        grant(R, "a");

        assertThat(await(node.raise(request(R, "a"), 7))).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(grant(R, "a")).isEqualTo(granted(8));
    }

    @Test
    void aRaiseToWhereTheCounterIsIsDone() {
        grant(R, "a");

        assertThat(await(node.raise(request(R, "a"), 1))).isEqualTo(NodeReply.Done.INSTANCE);
    }

    @Test
    void aRaiseOfSomebodyElseDoesNothing() {
        grant(R, "a");

        assertThat(await(node.raise(request(R, "b"), 7))).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(grant(R, "a")).isEqualTo(granted(2));
    }

    @Test
    void aRaiseAfterTheLockEndedDoesNothing() {
        grant(R, "a");
        pass(R, Duration.ofMillis(TTL + 1_000));

        assertThat(await(node.raise(request(R, "a"), 7))).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(grant(R, "a")).isEqualTo(granted(2));
    }

    @Test
    void aRaiseToLessThanTheCounterIsRefused() {
        grant(R, "a");
        grant(R, "a");

        assertThat(await(node.raise(request(R, "a"), 1))).isEqualTo(NodeReply.NotHeld.INSTANCE);
    }

    @Test
    void anExtensionLengthensAndNeverShortens() {
        grant(R, "a");

        assertThat(extend(R, "a", 1, 2 * TTL)).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(remaining(R)).isGreaterThan(TTL);
        assertThat(extend(R, "a", 1, 1_000)).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(remaining(R)).isGreaterThan(TTL);
    }

    @Test
    void anExtensionLiftsACounterThatLagsBehind() {
        grant(R, "a");
        extend(R, "a", 7, TTL);

        assertThat(grant(R, "a")).isEqualTo(granted(8));
    }

    @Test
    void anExtensionWithACounterBeyondTheTokenIsRefusedAndDoesNothing() {
        grant(R, "a");
        grant(R, "a");

        assertThat(extend(R, "a", 1, 2 * TTL)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(remaining(R)).isLessThanOrEqualTo(TTL);
    }

    @Test
    void anExtensionAnswersForEachLockByItself() {
        grant("a", "one");
        grant("b", "two");
        List<HeldLock> locks =
                List.of(new HeldLock("a", "one", 1), new HeldLock("none", "one", 1), new HeldLock("b", "two", 1));

        assertThat(await(node.extend(locks, view(0), TTL)))
                .containsExactly(NodeReply.Done.INSTANCE, NodeReply.NotHeld.INSTANCE, NodeReply.Done.INSTANCE);
    }

    @Test
    void aLockThatIsGoneIsRestored() {
        assertThat(restore(R, "a", 5)).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(remaining(R)).isGreaterThan(TTL - 10_000);
        assertThat(grant(R, "a")).isEqualTo(granted(6));
    }

    @Test
    void aLockOfSomebodyElseIsNotReplacedByARestoration() {
        grant(R, "b");

        assertThat(restore(R, "a", 5)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(grant(R, "b")).isEqualTo(granted(2));
    }

    @Test
    void aLockWhoseCounterIsBeyondTheTokenIsNotRestored() {
        grant(R, "b");
        release(R, "b", 9);

        assertThat(restore(R, "a", 8)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(grant(R, "c")).isEqualTo(granted(10));
    }

    @Test
    void aReleaseFreesTheLockOfItsOwnerOnly() {
        grant(R, "a");

        assertThat(release(R, "b", 0)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(grant(R, "b")).isInstanceOf(NodeReply.Held.class);
        assertThat(release(R, "a", 0)).isEqualTo(new NodeReply.Released(0));
        assertThat(release(R, "a", 0)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(grant(R, "b")).isEqualTo(granted(2));
    }

    @Test
    void aReleaseLiftsTheCounterWhoeverHoldsTheLock() {
        grant(R, "b");
        release(R, "a", 7);
        release(R, "a", 3);

        assertThat(grant(R, "b")).isEqualTo(granted(8));
    }

    @Test
    void newerViewsAreTakenUpByGrantsAndOlderOnesRefused() {
        await(node.grant(inView(3, R, "a"), TTL, 0));

        assertThat(await(node.grant(inView(2, "other", "b"), TTL, 0))).isEqualTo(new NodeReply.NewerView(3));
        assertThat(await(node.raise(inView(2, R, "a"), 9))).isEqualTo(new NodeReply.NewerView(3));
        assertThat(await(node.raise(inView(4, R, "a"), 9))).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(await(node.grant(inView(3, R, "a"), TTL, 0))).isEqualTo(new NodeReply.NewerView(4));
        assertThat(await(node.grant(inView(4, R, "a"), TTL, 0))).isEqualTo(granted(10));
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, 1L << 32, 999_999_999_999_999L, 1_000_000_000_000_000L, LAST - 1})
    void largeNumbersAreExact(long token) {
        assertThat(await(node.grant(request(R, "a"), TTL, token - 2))).isEqualTo(granted(token - 1));
        assertThat(await(node.raise(request(R, "a"), token))).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(extend(R, "a", token - 1, TTL)).isEqualTo(NodeReply.NotHeld.INSTANCE);
        assertThat(extend(R, "a", token, TTL)).isEqualTo(NodeReply.Done.INSTANCE);
        assertThat(await(node.grant(request(R, "a"), TTL, 0))).isEqualTo(granted(token + 1));
    }

    @Test
    void aCounterAtItsEndIsShownAndNothingIsDone() {
        release(R, "a", LAST);

        assertThat(grant(R, "b")).isEqualTo(new NodeReply.Exhausted(Long.toString(LAST)));
        assertThat(await(node.grant(request("other", "b"), TTL, LAST)))
                .isEqualTo(new NodeReply.Exhausted(Long.toString(LAST)));
        assertThat(grant("other", "c")).isEqualTo(granted(1));
    }

    @Test
    void namesThatLookLikeKeysDoNotMeet() {
        List<String> names = List.of("a", "a:token", "token:a", "lock:a", "a:lock", "view", "released:a", "{a}", "A");

        names.forEach(name -> assertThat(grant(name, "owner of " + name)).isEqualTo(granted(1)));
        names.forEach(name -> assertThat(release(name, "owner of " + name, 4)).isEqualTo(new NodeReply.Released(0)));
        names.forEach(name -> assertThat(grant(name, "b")).isEqualTo(granted(5)));
    }

    @Test
    void whoWatchesIsToldOfTheReleaseOfALeaseAndOfNothingElse() throws InterruptedException {
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        LockNode.Watch watch = node.watch(R, told::add);
        LockNode.Watch other = node.watch("other", told::add);
        announceUntilHeard(told);
        release(R, "nobody", 0);
        long token = tokenOf(grant(R, "quiet"));
        await(node.release(new HeldLock(R, "quiet", token), false));
        token = tokenOf(grant(R, "a"));

        assertThat(await(node.release(new HeldLock(R, "a", token), true))).isEqualTo(new NodeReply.Released(1));
        assertThat(told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(token);
        watch.cancel();
        watch.cancel();
        other.cancel();
    }

    @Test
    void twoWatchersOfOneClientAreOneToTheNode() throws InterruptedException {
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        node.watch(R, told::add);
        node.watch(R, token -> {});
        announceUntilHeard(told);
        long token = tokenOf(grant(R, "a"));

        assertThat(await(node.release(new HeldLock(R, "a", token), true))).isEqualTo(new NodeReply.Released(1));
    }

    @Test
    void aClosedNodeTakesNoPart() {
        node.close();

        assertThat(grant(R, "a")).isInstanceOf(NodeReply.Unavailable.class);
        assertThat(extend(R, "a", 1, TTL)).isInstanceOf(NodeReply.Unavailable.class);
        assertThat(release(R, "a", 1)).isInstanceOf(NodeReply.Unavailable.class);
    }

    /** A watch may take a while to begin, and nothing says when it has: releases are announced until one is heard, and the rest of them is taken out. */
    private void announceUntilHeard(BlockingQueue<Long> told) throws InterruptedException {
        long watchers = 0;
        long token = 0;
        while (watchers == 0) {
            token = tokenOf(grant(R, "first"));
            NodeReply reply = await(node.release(new HeldLock(R, "first", token), true));
            watchers = ((NodeReply.Released) reply).watchers();
        }
        assertThat(told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(token);
    }
}
