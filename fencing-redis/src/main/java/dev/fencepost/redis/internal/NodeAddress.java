package dev.fencepost.redis.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Where a node is and who may use it, from {@code redis://[[user]:password@]host[:port]}, or {@code rediss://} for TLS.
 *
 * @param tls whether the connection is encrypted
 * @param username the ACL user, empty for the default user
 * @param password empty for none
 */
public record NodeAddress(boolean tls, String host, int port, String username, String password) {
    private static final int DEFAULT_PORT = 6379;
    private static final String EXPECTED =
            "an address must look like redis://[[user]:password@]host[:port], or rediss:// for TLS, but ";

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
        if (!(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
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
                decoded(userInfo.substring(colon + 1)));
    }

    /** The address as shown to people and told apart: without user and password. */
    public String name() {
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
