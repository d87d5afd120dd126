package dev.fencepost.redis.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Where a node is, who may use it and what it is called, from {@code redis://[[user]:password@]host[:port][#name]}, or {@code rediss://} for TLS.
 *
 * @param tls whether the connection is encrypted
 * @param username the ACL user, empty for the default user
 * @param password empty for none
 * @param given what the node is called, the same for all clients, wherever they reach it; empty to call it by its address
 */
public record NodeAddress(boolean tls, String host, int port, String username, String password, String given) {
    private static final int DEFAULT_PORT = 6379;
    private static final String EXPECTED =
            "an address must look like redis://[[user]:password@]host[:port][#name], or rediss:// for TLS, but ";

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it cannot be understood; the message shows it without its password
     */
    public static NodeAddress parse(String address) {
        Objects.requireNonNull(address, "address");
        URI uri;
        try {
            uri = new URI(address.trim());
        } catch (URISyntaxException e) {
            // The cause would show the password.
            throw new IllegalArgumentException(
                    EXPECTED + "'" + masked(address) + "' is no URI at index " + e.getIndex());
        }
        boolean tls = "rediss".equals(uri.getScheme());
        if (!tls && !"redis".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    EXPECTED + "'" + masked(address) + "' has the scheme '" + uri.getScheme() + "'");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(EXPECTED + "'" + masked(address) + "' names no host");
        }
        if (!(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/")) || uri.getRawQuery() != null) {
            throw new IllegalArgumentException(EXPECTED + "'" + masked(address)
                    + "' goes on after the port; locks live in database 0, apart from other keys by their prefix");
        }
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(EXPECTED + "'" + masked(address) + "' has the port " + port);
        }
        String userInfo = Objects.requireNonNullElse(uri.getRawUserInfo(), "");
        int colon = userInfo.indexOf(':');
        return new NodeAddress(
                tls,
                uri.getHost(),
                port,
                colon < 0 ? "" : decoded(userInfo.substring(0, colon)),
                decoded(userInfo.substring(colon + 1)),
                Objects.requireNonNullElse(uri.getFragment(), ""));
    }

    /** What the node is called, and told apart from others by: its own name, or else where it is. */
    public String name() {
        return given.isEmpty() ? location() : given;
    }

    /** Where the node is, without user and password. */
    String location() {
        return (tls ? "rediss://" : "redis://") + host + ":" + port;
    }

    @Override
    public String toString() {
        return name();
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String masked(String address) {
        return address.replaceAll("//.*@", "//***@");
    }
}
