package dev.fencepost.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvisionTest {
    @ParameterizedTest
    @CsvSource({
        "auto, true, DOCKER",
        "auto, false, EMBEDDED",
        "docker, true, DOCKER",
        "Embedded, true, EMBEDDED",
        "external, true, EXTERNAL"
    })
    void switchDecides(String setting, boolean dockerAnswers, Provision expected) {
        assertThat(Provision.choose(Optional.of(setting), () -> dockerAnswers)).isEqualTo(expected);
    }

    @Test
    void automaticIsTheDefault() {
        assertThat(Provision.choose(Optional.empty(), () -> false)).isEqualTo(Provision.EMBEDDED);
    }

    @Test
    void dockerIsNotReplacedByAnythingElse() {
        assertThatThrownBy(() -> Provision.choose(Optional.of("docker"), () -> false))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("no Docker engine answers");
    }

    @Test
    void unknownSettingIsNamed() {
        assertThatThrownBy(() -> Provision.choose(Optional.of("podman"), () -> true))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("\"podman\"")
                .hasMessageContaining("auto, docker, embedded or external");
    }
}
