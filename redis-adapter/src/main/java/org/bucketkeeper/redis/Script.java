package org.bucketkeeper.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** What the server is asked to do; each is a resource file, which says what it takes and answers. */
enum Script {
    READ,
    COMMIT,
    GRANT,
    RENEW,
    REVOKE,
    TIME_TO_LIVE,
    SWEEP;

    private final String text;
    private final String digest;

    Script() {
        text = resource("common") + resource(name().toLowerCase(Locale.ROOT));
        digest = sha1(text);
    }

    String text() {
        return text;
    }

    /** Returns what the server calls the script by, once it knows it. */
    String digest() {
        return digest;
    }

    private static String resource(String name) {
        try (InputStream file = Script.class.getResourceAsStream(name + ".lua")) {
            if (file == null) {
                throw new IllegalStateException("there is no resource " + name + ".lua beside " + Script.class);
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }
}
