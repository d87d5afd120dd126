package dev.fencepost.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.foreign.http.TokenHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenHeaderTest {
    @ParameterizedTest
    @ValueSource(strings = {"invoice/42", "a b+c%20", "\u20ac;\"=\\", "\r\nInjected: yes"})
    void whatIsWrittenIsReadAgainAndIsAscii(String resource) {
        FencingToken token = new FencingToken(resource, FencingToken.MAX_VALUE, "owner of " + resource);
        String header = TokenHeader.format(token);

        assertThat(header).isPrintable().matches("\\p{ASCII}+");
        assertThat(TokenHeader.parse(header)).isEqualTo(token);
    }

    @Test
    void aTokenWithoutAnOwnerIsWrittenWithoutOne() {
        assertThat(TokenHeader.format(FencingToken.of("r", 7))).isEqualTo("7;resource=\"r\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "x;resource=\"r\"",
                "-1;resource=\"r\"",
                "7;resource=r",
                "0;resource=\"r\"",
                "7;resource=\"\"",
                "9007199254740992;resource=\"r\"",
                "99999999999999999;resource=\"r\"",
                "7;resource=\"%zz\""
            })
    void whatIsNoTokenIsRefused(String header) {
        assertThatThrownBy(() -> TokenHeader.parse(header)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOwnerIsInNoMessage() {
        assertThatThrownBy(() -> TokenHeader.parse("7;resource=\"r\";owner=\"secret\";x"))
                .message()
                .doesNotContain("secret");
    }
}
