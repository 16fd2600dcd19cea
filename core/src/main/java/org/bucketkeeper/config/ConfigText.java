package org.bucketkeeper.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads a file's text, and nothing that cannot be a configuration file. */
final class ConfigText {

    static final int MAX_BYTES = 1 << 20;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private ConfigText() {}

    /**
     * Returns the text without its byte order mark.
     *
     * @throws ClusterConfigException if the file is missing, no regular file, not readable, blank, larger than
     *     {@link #MAX_BYTES} or not UTF-8
     */
    static String read(Path file) {
        return decode(file, readBytes(file));
    }

    /** Returns the text that the bytes of a file mean, without its byte order mark. */
    static String decode(Path file, byte[] bytes) {
        String text = decodeUtf8(file, bytes);
        if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        if (text.isBlank()) {
            throw Problems.only(file, Position.START, "the file is empty; expected an object with \"cluster_config\"");
        }
        return text;
    }

    private static byte[] readBytes(Path file) {
        byte[] bytes;
        try {
            requireRegularFile(file);
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
        } catch (IOException e) {
            throw Problems.wholeFile(file, reason(e));
        }
        if (bytes.length > MAX_BYTES) {
            throw Problems.wholeFile(file, "must not be larger than 1 MiB (" + MAX_BYTES + " bytes)");
        }
        return bytes;
    }

    /** Opening a pipe would wait for a writer, perhaps for ever. */
    private static void requireRegularFile(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw Problems.wholeFile(file, "must be a file, but is a directory");
        }
        if (!attributes.isRegularFile()) {
            throw Problems.wholeFile(file, "must be a regular file, but is a device, pipe or socket");
        }
    }

    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "the file does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "the file cannot be read: permission denied";
        }
        return "the file cannot be read: " + e.getMessage();
    }

    private static String decodeUtf8(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            throw Problems.only(file, Position.after(text), "expected text in UTF-8, but found bytes that are none");
        }
        return text.toString();
    }
}
