package dev.fencepost.foreign.http;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.StaleTokenException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/** The caller's half: puts a token on a request, and makes of a refusal the exception that the guard threw. */
public final class FencedHttp {
    private static final int CONFLICT = 409;

    private FencedHttp() {}

    /** The request with the token that it is made under. */
    public static HttpRequest.Builder under(FencingToken token, HttpRequest.Builder request) {
        return request.setHeader(TokenHeader.NAME, TokenHeader.format(token));
    }

    /**
     * The response, unless the service has refused the token.
     *
     * @throws StaleTokenException if it has
     */
    public static <T> HttpResponse<T> orThrow(FencingToken token, HttpResponse<T> response) {
        Optional<String> last = response.headers().firstValue(TokenHeader.LAST);
        if (response.statusCode() == CONFLICT && last.isPresent()) {
            throw new StaleTokenException(token, TokenHeader.parse(last.get()));
        }
        return response;
    }
}
