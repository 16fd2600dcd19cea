package org.bucketkeeper.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads one answer of a Redis (RESP 2) as text. */
final class RedisReply {

    /** The server refused. */
    static final class ErrorReply extends Exception {

        private static final long serialVersionUID = 1L;

        final String line;

        ErrorReply(String line) {
            super(line);
            this.line = line;
        }
    }

    private final InputStream in;

    RedisReply(InputStream in) {
        this.in = in;
    }

    /** The answer as redis-cli prints it to a pipe: nothing for nil, a line for each element of an array. */
    String read() throws IOException, ErrorReply {
        int kind = in.read();
        String rest = line();
        return switch (kind) {
            case '+', ':' -> rest;
            case '-' -> throw new ErrorReply(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("Not an answer of a Redis: " + (char) kind + rest);
        };
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] bytes = in.readNBytes(length);
        String end = line();
        if (bytes.length < length || !end.isEmpty()) {
            throw new IOException("An answer of " + length + " bytes is cut short or goes on");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String array(int length) throws IOException, ErrorReply {
        List<String> elements = new ArrayList<>();
        for (int at = 0; at < length; at++) {
            elements.add(read());
        }
        return String.join("\n", elements);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
