package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.Stepped.Outcome;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** What two transactions have to be told, whatever the order of their steps. */
final class ClaimModel {
    /**
     * One experiment.
     *
     * @param order whose step comes when, three of each
     * @param isolation of both, as JDBC numbers it
     * @param first the token of transaction a
     * @param second the token of transaction b
     * @param once whether both claim for the one write of their token
     * @param aCommits whether a commits in its last step, or rolls back; b always commits
     */
    record Plan(String order, int isolation, FencingToken first, FencingToken second, boolean once, boolean aCommits) {}

    private ClaimModel() {}

    /** Every order of three steps of a and three of b. */
    static List<String> orders() {
        List<String> orders = new ArrayList<>();
        extend("", orders);
        return orders;
    }

    private static void extend(String order, List<String> orders) {
        long a = order.chars().filter(c -> c == 'a').count();
        if (order.length() == 6) {
            orders.add(order);
            return;
        }
        if (a < 3) {
            extend(order + 'a', orders);
        }
        if (order.length() - a < 3) {
            extend(order + 'b', orders);
        }
    }

    /** Whoever claims first holds the resource to the end of its transaction, and the other is judged by what it left. */
    static List<Outcome> outcomes(Plan plan) {
        boolean aFirst = plan.order().charAt(0) == 'a';
        FencingToken leader = aFirst ? plan.first() : plan.second();
        FencingToken follower = aFirst ? plan.second() : plan.first();
        boolean leaderCommits = !aFirst || plan.aCommits();
        Outcome led = leaderCommits ? Outcome.COMMITTED : Outcome.ROLLED_BACK;
        Outcome followed = !leaderCommits || isAdmitted(follower, leader, plan.once())
                ? (aFirst || plan.aCommits() ? Outcome.COMMITTED : Outcome.ROLLED_BACK)
                : follower.equals(leader) ? Outcome.ALREADY_APPLIED : Outcome.STALE;
        if (leaderCommits && followerWaits(plan) && plan.isolation() != Connection.TRANSACTION_READ_COMMITTED) {
            followed = Outcome.CONFLICT;
        }
        return aFirst ? List.of(led, followed) : List.of(followed, led);
    }

    private static boolean isAdmitted(FencingToken follower, FencingToken leader, boolean once) {
        return follower.value() > leader.value() || (follower.equals(leader) && !once);
    }

    /** Whether the second transaction claims while the first has not ended. */
    private static boolean followerWaits(Plan plan) {
        char leader = plan.order().charAt(0);
        int claim = plan.order().indexOf(leader == 'a' ? 'b' : 'a');
        return claim < plan.order().lastIndexOf(leader);
    }
}
