package dev.fencepost.foreign.http;

import dev.fencepost.FencingToken;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fencing token as the value of a header, in the form of RFC 8941: {@code 34;resource="invoice%2F42";owner="..."}. Resource and owner are percent-encoded, since a header is
 * ASCII.
 *
 * <p>Who knows the owner can release the lock, so the header belongs on connections that are encrypted, and in no log.
 */
public final class TokenHeader {
    /** The header of a request that carries the token to write under. */
    public static final String NAME = "Fencing-Token";

    /** The header of a refusal that carries the token which the store has admitted, without its owner. */
    public static final String LAST = "Fencing-Token-Last";

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,16}) *; *resource=\"([^\"]*)\"(?: *; *owner=\"([^\"]*)\")?");

    private TokenHeader() {}

    /** Writes a token. */
    public static String format(FencingToken token) {
        String owner = token.owner().isEmpty() ? "" : ";owner=\"" + encoded(token.owner()) + "\"";
        return token.value() + ";resource=\"" + encoded(token.resource()) + "\"" + owner;
    }

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException if it cannot be understood, or is no token; the message does not show the owner
     */
    public static FencingToken parse(String header) {
        Matcher matcher = FORM.matcher(header.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(NAME + " must look like 34;resource=\"name\";owner=\"nonce\"");
        }
        String owner = matcher.group(3);
        return new FencingToken(
                decoded(matcher.group(2)), Long.parseLong(matcher.group(1)), owner == null ? "" : decoded(owner));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
