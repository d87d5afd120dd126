package dev.fencepost.foreign.http;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Stands before servlets that write under a fencing token: takes the token from the request, and tells the caller what the guard says. The guard itself is called by the servlet, in the
 * transaction that writes; a filter that checked alone would check too early.
 *
 * <ul>
 *   <li>428 (Precondition Required): the request has no token.
 *   <li>400: what it has is no token.
 *   <li>409 (Conflict): the guard has refused the token. {@link TokenHeader#LAST} has the token that was admitted, the body what the exception said.
 *   <li>503: the store could not decide; the same request may be repeated later.
 * </ul>
 *
 * <p>Requests that do not write (GET, HEAD, OPTIONS) pass without one.
 */
public final class FencingTokenFilter implements Filter {
    private static final String ATTRIBUTE = FencingToken.class.getName();
    private static final int PRECONDITION_REQUIRED = 428;

    /**
     * The token of a request that this filter has let through.
     *
     * @throws IllegalStateException if the filter does not stand before this servlet
     */
    public static FencingToken tokenOf(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof FencingToken token) {
            return token;
        }
        throw new IllegalStateException("the request has not come through FencingTokenFilter: map it to this servlet");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
            filter(http, answer, chain);
        } else {
            throw new ServletException("FencingTokenFilter is for HTTP alone");
        }
    }

    private static void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (reads(request)) {
            chain.doFilter(request, response);
            return;
        }
        String header = request.getHeader(TokenHeader.NAME);
        if (header == null) {
            answer(response, PRECONDITION_REQUIRED, "the request must carry a fencing token in " + TokenHeader.NAME);
            return;
        }
        FencingToken token;
        try {
            token = TokenHeader.parse(header);
        } catch (IllegalArgumentException e) {
            answer(response, HttpServletResponse.SC_BAD_REQUEST, String.valueOf(e.getMessage()));
            return;
        }
        request.setAttribute(ATTRIBUTE, token);
        try {
            chain.doFilter(request, response);
        } catch (FencepostException e) {
            refuse(response, e);
        }
    }

    private static void refuse(HttpServletResponse response, FencepostException failure) throws IOException {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof FencepostException.StaleToken stale) {
            response.reset();
            response.setHeader(TokenHeader.LAST, TokenHeader.format(stale.lastToken()));
            answer(response, HttpServletResponse.SC_CONFLICT, message);
        } else if (failure.advice() == FencepostException.Advice.RETRY_LATER) {
            response.reset();
            answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, message);
        } else {
            throw failure;
        }
    }

    private static boolean reads(HttpServletRequest request) {
        return switch (request.getMethod()) {
            case "GET", "HEAD", "OPTIONS" -> true;
            default -> false;
        };
    }

    private static void answer(HttpServletResponse response, int status, String message) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter().print(message);
    }
}
