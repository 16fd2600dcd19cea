package org.bucketkeeper.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The fixtures' own way into one Redis, without the adapter under test and its driver. Every call is a connection of
 * its own, as the user {@code default}. Safe for use by several threads.
 *
 * @param endpoint the server as {@code host:port}
 * @param password null: the server demands none
 * @param sslContext null: no encryption
 */
record RedisAdmin(
        String endpoint,
        @Nullable String password,
        @Nullable SSLContext sslContext) {

    private static final int HEALTH_BOUND_MILLIS = 2_000;
    private static final int BOUND_MILLIS = 10_000;

    /** Whether the server answers a PING as one that serves: not while it still loads its data. Never throws. */
    boolean answersPing() {
        try {
            return send(HEALTH_BOUND_MILLIS, List.of("PING")).equals("PONG");
        } catch (IOException | IllegalStateException noAnswer) {
            return false;
        }
    }

    /** Sends one command and returns what redis-cli would print to a pipe; see {@link RedisServer#command}. */
    String command(String... words) {
        try {
            return send(BOUND_MILLIS, List.of(words));
        } catch (IOException e) {
            throw new IllegalStateException(words[0] + ", sent to " + endpoint + ", got no answer: " + e, e);
        }
    }

    /** The value of {@code field} in an answer of lines {@code field:value}, empty if it is not there. */
    static String field(String answer, String field) {
        return answer.lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElse("");
    }

    private String send(int boundMillis, List<String> words) throws IOException {
        try (Socket socket = connect(boundMillis)) {
            if (password != null) {
                exchange(socket, List.of("AUTH", password));
            }
            return exchange(socket, words);
        }
    }

    private Socket connect(int boundMillis) throws IOException {
        int colon = endpoint.lastIndexOf(':');
        String host = endpoint.substring(0, colon);
        int port = Integer.parseInt(endpoint.substring(colon + 1));
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), boundMillis);
            socket.setSoTimeout(boundMillis);
            return sslContext == null ? socket : sslContext.getSocketFactory().createSocket(socket, host, port, true);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private String exchange(Socket socket, List<String> words) throws IOException {
        OutputStream out = new BufferedOutputStream(socket.getOutputStream());
        out.write(("*" + words.size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
        // One answer to one request: nothing that belongs to a later one can be read ahead.
        InputStream in = new BufferedInputStream(socket.getInputStream());
        try {
            return new RedisReply(in).read();
        } catch (RedisReply.ErrorReply e) {
            throw new IllegalStateException(
                    words.get(0) + ", sent to " + endpoint + ", was answered with: " + e.line, e);
        }
    }

    /** Keeps the password out of logs. */
    @Override
    public String toString() {
        return "RedisAdmin[" + endpoint + "]";
    }
}
