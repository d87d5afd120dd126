package dev.fencepost.foreign.http;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.Once;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A service as an example: PUT sets the balance of the account that the token is of, POST does so once. Both are answered after the commit. */
public final class BalanceServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient FenceGuard guard;

    /** A service over a guard whose database has a table {@code balance (account text PRIMARY KEY, cents bigint)}. */
    public BalanceServlet(FenceGuard guard) {
        this.guard = guard;
    }

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        FencingToken token = FencingTokenFilter.tokenOf(request);
        long cents = cents(request);
        guard.write(
                token,
                handle -> handle.execute(
                        "INSERT INTO balance (account, cents) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET cents = excluded.cents",
                        token.resource(),
                        cents));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        FencingToken token = FencingTokenFilter.tokenOf(request);
        long cents = cents(request);
        boolean applied = guard.writeOnce(
                        token,
                        handle -> handle.execute(
                                "INSERT INTO balance (account, cents) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET cents ="
                                        + " excluded.cents",
                                token.resource(),
                                cents))
                == Once.FIRST;
        response.setStatus(applied ? HttpServletResponse.SC_CREATED : HttpServletResponse.SC_OK);
    }

    private static long cents(HttpServletRequest request) throws IOException {
        return Long.parseLong(new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
}
