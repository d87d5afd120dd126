package dev.fencepost.jdbc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.postgresql.ds.PGSimpleDataSource;

/** Counts how often the server has said that it is ready for more: once for each round trip of a client that waits for its answers. The driver makes it, by its name. */
public final class CountingSocketFactory extends SocketFactory {
    private static final AtomicInteger READY = new AtomicInteger();

    /** Has a data source's connections counted. */
    static void in(PGSimpleDataSource source) {
        source.setSocketFactory(CountingSocketFactory.class.getName());
        source.setSslMode("disable");
        source.setGssEncMode("disable");
    }

    /** How often, since it was asked last. */
    static int count() {
        return READY.getAndSet(0);
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public InputStream getInputStream() throws IOException {
                return new Messages(super.getInputStream());
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        return createSocket(host.getHostAddress(), port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        return createSocket(address, port);
    }

    /** Each message is a letter, four bytes that say how long the rest is with themselves, and the rest. */
    private static final class Messages extends FilterInputStream {
        private static final int HEAD = 5;

        private int seen;
        private int length;

        Messages(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int most) throws IOException {
            int n = super.read(bytes, from, most);
            for (int i = from; i < from + n; i++) {
                see(bytes[i] & 0xff);
            }
            return n;
        }

        private void see(int value) {
            if (seen == 0) {
                length = 0;
                if (value == 'Z') {
                    READY.incrementAndGet();
                }
            } else if (seen < HEAD) {
                length = length << 8 | value;
            }
            seen++;
            if (seen >= HEAD && seen == length + 1) {
                seen = 0;
            }
        }
    }
}
