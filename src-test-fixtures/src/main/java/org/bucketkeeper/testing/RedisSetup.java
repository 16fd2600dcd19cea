package org.bucketkeeper.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Redis of a test is set up to do: each method gives a copy that differs in one thing. Begins with {@link
 * #standard()}. Immutable.
 *
 * <p>Which settings there are is up to the version of Redis: users and encryption came with Redis 6. A launch with one
 * that the server does not know fails with what the server says of it.
 */
public final class RedisSetup {

    /** What outlives the server's end. */
    public enum Persistence {
        /** Every change outlives a kill of the server; a power cut can lose those of the last second or two. */
        EVERY_SECOND("yes", "everysec"),
        /**
         * Every change outlives a kill of the server; when it reaches the disk is the operating system's affair, and no
         * answer waits for a disk that is busy with something else.
         */
        SYSTEM("yes", "no"),
        /**
         * Only what the command SAVE wrote outlives the server's end; without one, a restart begins empty. Replicas
         * before Redis 6 also keep what they were last sent in full.
         */
        NONE("no", "no");

        private final String appendOnly;
        private final String appendFsync;

        Persistence(String appendOnly, String appendFsync) {
            this.appendOnly = appendOnly;
            this.appendFsync = appendFsync;
        }
    }

    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final RedisSetup BARE = new RedisSetup(List.of(), null, null);
    private static final RedisSetup STANDARD = BARE.persistence(Persistence.SYSTEM);

    private final List<RedisDirective> directives;
    private final @Nullable String password;
    private final @Nullable TestCertificates certificates;

    private RedisSetup(
            List<RedisDirective> directives, @Nullable String password, @Nullable TestCertificates certificates) {
        this.directives = List.copyOf(directives);
        this.password = password;
        this.certificates = certificates;
    }

    /** Keeps every change through a kill; no password, no further user, no encryption, no memory limit. */
    public static RedisSetup standard() {
        return STANDARD;
    }

    /** Nothing but what every Redis needs: for a sentinel, which knows none of the settings for data. */
    static RedisSetup bare() {
        return BARE;
    }

    /** What outlives the server's end. */
    public RedisSetup persistence(Persistence persistence) {
        return directive("save", "")
                .directive("appendonly", persistence.appendOnly)
                .directive("appendfsync", persistence.appendFsync);
    }

    /**
     * Has the server demand a password of the user {@code default} ({@code requirepass}), which replicas and sentinels
     * that the fixtures start know.
     *
     * @param password without spaces, if a server of Redis 6.0 is to start again after it changed its role: it writes
     *     its configuration down without the quotes
     */
    public RedisSetup password(String password) {
        return new RedisSetup(directives, password, certificates)
                .directive("requirepass", password)
                .directive("masterauth", password);
    }

    /**
     * Adds a user that logs in with a name and a password. Needs Redis 6. The user {@code default} stays as it is:
     * the fixture's own commands are its.
     *
     * @param rules what the user may do, in the words of {@code ACL SETUSER}, such as {@code ~prefix* +@all}
     */
    public RedisSetup user(String name, String password, String rules) {
        Stream<String> words = Stream.of(name, "on", ">" + password);
        return directive(
                "user", Stream.concat(words, SPACE.splitAsStream(rules.strip())).toArray(String[]::new));
    }

    /**
     * Has the server refuse writes beyond that much memory ({@code maxmemory} with {@code noeviction}).
     *
     * @param bytes more than the server takes when it is empty, or nothing can be written; 0: no limit
     * @throws IllegalArgumentException if {@code bytes} is negative
     */
    public RedisSetup maxMemory(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative, and is " + bytes);
        }
        return directive("maxmemory", Long.toString(bytes)).directive("maxmemory-policy", "noeviction");
    }

    /**
     * Adds a setting, as a line of {@code redis.conf}; a later one of the same name takes the place of an earlier one, save for those
     * that Redis collects. The port, the address and the folder are the fixture's to say.
     *
     * @param values any text, spaces and quotes included
     */
    public RedisSetup directive(String name, String... values) {
        List<RedisDirective> all = new ArrayList<>(directives);
        all.add(new RedisDirective(name, List.of(values)));
        return new RedisSetup(all, password, certificates);
    }

    /**
     * Has the server speak TLS alone and show the server's certificate; it asks no certificate of clients. Needs Redis
     * 6. For a single server only.
     *
     * @param certificates read while the server runs; the caller closes them after the server
     */
    public RedisSetup tls(TestCertificates certificates) {
        return tls(certificates, "no");
    }

    /**
     * As {@link #tls}, and every client has to show a certificate of the same authority.
     *
     * @param certificates read while the server runs; the caller closes them after the server
     */
    public RedisSetup mutualTls(TestCertificates certificates) {
        return tls(certificates, "yes");
    }

    private RedisSetup tls(TestCertificates files, String askClients) {
        return new RedisSetup(directives, password, files)
                .directive("tls-cert-file", files.serverCertificate().toString())
                .directive("tls-key-file", files.serverKey().toString())
                .directive("tls-ca-cert-file", files.authority().toString())
                .directive("tls-auth-clients", askClients);
    }

    /** The settings that do not depend on where the server runs. */
    List<RedisDirective> directives() {
        return directives;
    }

    /** This setup on a port of its own, with {@code folder} for what outlives the server's end. */
    RedisSetup at(String host, int port, Path folder) {
        RedisSetup placed = directive("bind", host).directive("dir", folder.toString());
        return certificates == null
                ? placed.directive("port", Integer.toString(port))
                : placed.directive("port", "0").directive("tls-port", Integer.toString(port));
    }

    /** The way into a server that was set up like this. */
    RedisAdmin admin(String endpoint) {
        return new RedisAdmin(endpoint, password, certificates == null ? null : certificates.sslContext());
    }

    /** The password of the user {@code default}, or null if it has none. */
    @Nullable String password() {
        return password;
    }

    /**
     * This setup for servers that know each other, of which one sends its data to others without a delay and without a
     * file that it would begin with after a restart.
     *
     * @throws IllegalArgumentException if it asks for TLS, which the fixtures set up for single servers alone
     */
    RedisSetup ofSeveral() {
        if (certificates != null) {
            throw new IllegalArgumentException("TLS is for a single server: several cannot be set up with it");
        }
        return directive("repl-diskless-sync", "yes").directive("repl-diskless-sync-delay", "0");
    }

    /** This setup for a replica of the server at {@code endpoint}. */
    RedisSetup replicaOf(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        return directive("replicaof", endpoint.substring(0, colon), endpoint.substring(colon + 1));
    }

    /** Names the settings and keeps their values, passwords among them, out of logs. */
    @Override
    public String toString() {
        return "RedisSetup" + directives;
    }
}
