package org.bucketkeeper.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how to reach Redis from the keys around the {@code cluster_config} block, which other programs read too. */
final class RedisReader {

    private static final String HOST = "redis_host";
    private static final String PORT = "redis_port";
    private static final String USER = "redis_user";
    private static final String PASSWORD = "redis_password";
    private static final String DATABASE = "redis_db";

    private static final List<String> KEYS = List.of(HOST, PORT, USER, PASSWORD, DATABASE);

    private final Section section;

    RedisReader(Section section) {
        this.section = section;
    }

    /** Returns the settings, or null if something is wrong with them. */
    @Nullable RedisSettings read() {
        section.rejectRepeated(KEYS);
        int port = section.wholeNumber(PORT, 1, Endpoint.MAX_PORT, RedisSettings.DEFAULT_PORT);
        int database = section.wholeNumber(DATABASE, 0, RedisSettings.MAX_DATABASE, 0);
        Endpoint endpoint = endpoint(port);
        LocatedValue.Text user = presentText(USER);
        LocatedValue.Text password = presentText(PASSWORD);
        if (user != null && password == null) {
            requirePassword();
            return null;
        }
        return endpoint == null
                ? null
                : new RedisSettings(
                        endpoint,
                        user == null ? null : user.value(),
                        password == null ? null : Secret.of(password.value()),
                        database);
    }

    private @Nullable Endpoint endpoint(int port) {
        LocatedValue.Text host = section.text(HOST);
        if (host == null) {
            if (!section.has(HOST)) {
                section.missing(HOST, "a host name or address, because store is \"redis\"");
            }
            return null;
        }
        String name = EndpointText.parseHost(host.value());
        if (name == null) {
            section.reject(HOST, host, "must be a host name or address without a port, which stands in " + PORT);
            return null;
        }
        return new Endpoint(name, port);
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
