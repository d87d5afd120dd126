package dev.fencepost.servers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The few lines of the Redis protocol that it takes to look into a node from outside, independent of the client under
 * test.
 */
final class RespConnection implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;

    private RespConnection(String host, int port, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        socket.connect(new InetSocketAddress(host, port), millis);
        socket.setSoTimeout(millis);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static String run(RedisServer server, Duration timeout, String... words) {
        try (RespConnection connection = new RespConnection(server.host(), server.port(), timeout)) {
            if (server.password().isPresent()) {
                connection.call("AUTH", server.password().get());
            }
            return connection.call(words);
        } catch (IOException e) {
            throw new ServerException(server.uri() + " did not answer " + words[0] + ": " + e, e);
        }
    }

    private String call(String... words) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.UTF_8));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            request.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
            request.writeBytes(bytes);
            request.writeBytes(new byte[] {'\r', '\n'});
        }
        socket.getOutputStream().write(request.toByteArray());
        return reply();
    }

    private String reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '-' -> throw new ServerException(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("not a reply: " + line);
        };
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "(nil)";
        }
        byte[] bytes = in.readNBytes(length);
        line();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String array(int length) throws IOException {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            elements.add(reply());
        }
        return length < 0 ? "(nil)" : String.join("\n", elements);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
