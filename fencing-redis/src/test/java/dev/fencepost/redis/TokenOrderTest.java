package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.RedisServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tokens of the real client on real nodes are unique and in order, whatever the network does, whenever locks end, and though nodes are killed and come back with
 * their data; and are not, as soon as any part of the rule is taken out.
 */
final class TokenOrderTest {
    private static final int SEED = 20_260_101;
    private static final int MAX_ROUNDS = 100;

    @Test
    void everyTokenIsUniqueAndInOrderWhileNodesAreKilledAndRestarted() throws Exception {
        try (RedisServers servers = RedisServers.start(5, Persistence.ALWAYS);
                TokenTrial trial = new TokenTrial(servers, Tampering.NONE, 3, SEED)) {
            for (int round = 0; round < 10 || (round < MAX_ROUNDS && showsLittle(trial.history())); round++) {
                int first = round % 5;
                int second = (round + 2) % 5;
                trial.round(8);
                servers.node(first).kill();
                trial.round(5);
                servers.node(second).kill();
                trial.round(5);
                servers.node(first).restart();
                servers.node(second).restart();
            }

            assertThat(trial.history().violations()).isEmpty();
            assertThat(showsLittle(trial.history())).isFalse();
        }
    }

    @Test
    void everyTokenIsUniqueAndInOrderOnThreeNodes() throws Exception {
        try (RedisServers servers = RedisServers.start(3);
                TokenTrial trial = new TokenTrial(servers, Tampering.NONE, 3, SEED)) {
            for (int round = 0; round < 6 || (round < MAX_ROUNDS && showsLittle(trial.history())); round++) {
                trial.round(25);
            }

            assertThat(trial.history().violations()).isEmpty();
            assertThat(showsLittle(trial.history())).isFalse();
        }
    }

    /** On a busy machine most attempts fail for want of a quorum in time, and a run has to be longer to show anything. */
    private static boolean showsLittle(TokenHistory history) {
        return history.size() <= 100 || history.raised() <= 50 || history.takenOver() <= 20;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void withoutAnyPartOfTheRuleTokensCollideWithinSeconds(Tampering tampering) throws Exception {
        try (RedisServers servers = RedisServers.start(3);
                TokenTrial trial = new TokenTrial(servers, tampering, 1, SEED)) {
            for (int round = 0;
                    round < MAX_ROUNDS && trial.history().violations().isEmpty();
                    round++) {
                trial.round(25);
            }

            assertThat(trial.history().violations())
                    .as(
                            "what %d tokens without a part of the rule show",
                            trial.history().size())
                    .isNotEmpty();
        }
    }
}
