package dev.fencepost.redis.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import javax.net.ssl.TrustManagerFactory;

/**
 * Where the certificates are that nodes' certificates must lead to.
 *
 * @param file a key store of a kind that the platform knows, such as PKCS12 or JKS
 * @param password what the key store is locked with
 */
public record TrustStore(Path file, String password) {
    /** Checks that both are there. */
    public TrustStore {
        Objects.requireNonNull(file, "trustStore");
        Objects.requireNonNull(password, "password");
    }

    /**
     * Reads the certificates.
     *
     * @throws IllegalArgumentException if the file cannot be read, or has no certificate in it; the message does not show the password
     */
    TrustManagerFactory load() {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("trustStore must be a file that can be read, but is '" + file + "'");
        }
        try {
            KeyStore store = KeyStore.getInstance(file.toFile(), password.toCharArray());
            if (store.size() == 0) {
                throw new IllegalArgumentException(
                        "trustStore must have a certificate in it, but '" + file + "' is empty");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "trustStore must be a key store that its password opens, but '" + file + "' is not: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The file, and not the password. */
    @Override
    public String toString() {
        return file.toString();
    }
}
