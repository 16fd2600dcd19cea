package org.bucketkeeper.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads how to reach Redis: from the keys around the {@code cluster_config} block, which other programs read too, and
 * from those in it, which say what those cannot.
 */
final class RedisReader {

    private static final String HOST = "redis_host";
    private static final String PORT = "redis_port";
    private static final String USER = "redis_user";
    private static final String PASSWORD = "redis_password";
    private static final String DATABASE = "redis_db";
    private static final String PRIMARY = "redis_sentinel_primary";
    private static final String SENTINELS = "redis_sentinel_list";
    private static final String CA_FILE = "redis_ca_file";
    private static final String CERT_FILE = "redis_cert_file";
    private static final String KEY_FILE = "redis_key_file";

    private static final List<String> KEYS = List.of(HOST, PORT, USER, PASSWORD, DATABASE);

    static final List<String> BLOCK_KEYS = List.of(PRIMARY, SENTINELS, CA_FILE, CERT_FILE, KEY_FILE);

    private final Section section;
    private final Section block;
    private final Path folder;

    /** Creates a reader that resolves the paths of files against {@code folder}. */
    RedisReader(Section section, Section block, Path folder) {
        this.section = section;
        this.block = block;
        this.folder = folder;
    }

    /** Returns the settings, or null if something is wrong with them. */
    @Nullable RedisSettings read() {
        section.rejectRepeated(KEYS);
        int database = section.wholeNumber(DATABASE, 0, RedisSettings.MAX_DATABASE, 0);
        boolean throughSentinels = block.isMeant(PRIMARY) || block.isMeant(SENTINELS);
        String primary = primary();
        List<Endpoint> endpoints = throughSentinels ? sentinels() : server();
        TlsFiles tls = new TlsReader(block, folder, CA_FILE, CERT_FILE, KEY_FILE).read();
        LocatedValue.Text user = presentText(USER);
        LocatedValue.Text password = presentText(PASSWORD);
        if (user != null && password == null) {
            requirePassword();
            return null;
        }
        return endpoints.isEmpty()
                ? null
                : new RedisSettings(
                        endpoints,
                        primary,
                        tls,
                        user == null ? null : user.value(),
                        password == null ? null : Secret.of(password.value()),
                        database);
    }

    private @Nullable String primary() {
        if (!block.has(PRIMARY) && block.has(SENTINELS)) {
            block.missing(
                    PRIMARY, "the name that the sentinels know the primary by, because " + SENTINELS + " is given");
        }
        LocatedValue.Text text = block.text(PRIMARY);
        if (text != null && text.value().isEmpty()) {
            block.reject(PRIMARY, text, "must be the name that the sentinels know the primary by");
            return null;
        }
        return text == null ? null : text.value();
    }

    private List<Endpoint> sentinels() {
        LocatedValue list = block.value(SENTINELS);
        if (list == null) {
            block.missing(SENTINELS, "a list of one or more \"host:port\", because " + PRIMARY + " is given");
            return List.of();
        }
        return new EndpointListReader(block, this::sentinel).read(SENTINELS, list);
    }

    private @Nullable Endpoint sentinel(String key, LocatedValue.Text text) {
        EndpointText parsed = EndpointText.parse(text.value(), RedisSettings.DEFAULT_SENTINEL_PORT);
        if (parsed == null || parsed.scheme() != null) {
            block.reject(
                    key,
                    text,
                    "must be \"host:port\" (port 1 to 65535, " + RedisSettings.DEFAULT_SENTINEL_PORT
                            + " if left out; an IPv6 address in brackets)");
            return null;
        }
        return parsed.endpoint();
    }

    private List<Endpoint> server() {
        int port = section.wholeNumber(PORT, 1, Endpoint.MAX_PORT, RedisSettings.DEFAULT_PORT);
        LocatedValue.Text host = section.text(HOST);
        if (host == null) {
            if (!section.has(HOST)) {
                section.missing(HOST, "a host name or address, because store is \"redis\"");
            }
            return List.of();
        }
        String name = EndpointText.parseHost(host.value());
        if (name == null) {
            section.reject(HOST, host, "must be a host name or address without a port, which stands in " + PORT);
            return List.of();
        }
        return List.of(new Endpoint(name, port));
    }

    private void requirePassword() {
        LocatedValue password = section.value(PASSWORD);
        if (password == null) {
            section.missing(PASSWORD, "text, because " + USER + " is given");
        } else if (password instanceof LocatedValue.Text) {
            section.rejectUnshown(PASSWORD, password, "must not be empty, because " + USER + " is given");
        }
    }

    /** Takes an empty text for an absent one: it is what operators write where Redis asks for no password. */
    private LocatedValue.@Nullable Text presentText(String key) {
        LocatedValue.Text text = section.secretText(key);
        return text == null || text.value().isEmpty() ? null : text;
    }
}
