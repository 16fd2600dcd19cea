package org.bucketkeeper.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.RedisSettings;
import org.jspecify.annotations.Nullable;

/**
 * What an address in one line says. Strict, and not read by the client's own parser: that takes a part of a password
 * with a reserved character in it for the host, which is then shown.
 *
 * @param endpoints the servers, or the sentinels if there is a {@code primary}
 * @param primary what sentinels call the primary; null if none are to be asked
 * @param user null for the default user
 * @param password null if none is needed
 */
record RedisAddress(
        List<Endpoint> endpoints,
        @Nullable String primary,
        @Nullable String user,
        @Nullable String password,
        int database,
        Encryption encryption) {

    private static final Pattern FORM = Pattern.compile("(?<scheme>redis|rediss|redis-sentinel)://"
            + "(?:(?<user>[^:@/?#\\s]*):(?<password>[^:@/?#\\s]+)@)?"
            + "(?<hosts>[^@/?#\\s]+)"
            + "(?:/(?<database>[0-9]{0,5}))?"
            + "(?:#(?<primary>[^@/?#\\s]+))?");

    /** Whether to use TLS. */
    enum Encryption {
        NONE,
        TLS
    }

    static RedisAddress parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw unusable();
        }
        boolean sentinels = form.group("scheme").equals("redis-sentinel");
        String primary = form.group("primary");
        List<String> hosts = List.of(form.group("hosts").split(",", -1));
        if (sentinels != (primary != null) || (!sentinels && hosts.size() > 1)) {
            throw unusable();
        }
        int defaultPort = sentinels ? RedisSettings.DEFAULT_SENTINEL_PORT : RedisSettings.DEFAULT_PORT;
        String user = decoded(form.group("user"));
        String database = Stream.ofNullable(form.group("database"))
                .filter(digits -> !digits.isEmpty())
                .findFirst()
                .orElse("0");
        return new RedisAddress(
                hosts.stream().map(host -> endpoint(host, defaultPort)).toList(),
                primary,
                user == null || user.isEmpty() ? null : user,
                decoded(form.group("password")),
                Integer.parseInt(database),
                form.group("scheme").equals("rediss") ? Encryption.TLS : Encryption.NONE);
    }

    private static Endpoint endpoint(String host, int defaultPort) {
        try {
            return Endpoint.parse(host, defaultPort);
        } catch (IllegalArgumentException e) {
            throw unusable();
        }
    }

    private static @Nullable String decoded(@Nullable String text) {
        try {
            return text == null ? null : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unusable();
        }
    }

    /** Neither the text nor what is wrong with which part of it may be shown: it may have a password in it. */
    private static IllegalArgumentException unusable() {
        return new IllegalArgumentException(
                "the address of Redis must be redis://[user:password@]host[:port][/database],"
                        + " rediss:// for TLS, or redis-sentinel://[user:password@]host[:port],host[:port][/database]#primary,"
                        + " user and password percent-encoded, but it is not");
    }

    boolean encrypted() {
        return encryption == Encryption.TLS;
    }

    @Override
    public String toString() {
        return endpoints.toString();
    }
}
