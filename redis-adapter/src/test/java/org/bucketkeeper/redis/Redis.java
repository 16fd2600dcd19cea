package org.bucketkeeper.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.testing.RedisServer;
import org.jspecify.annotations.Nullable;

/** What an administrator does with a server: looks at it, and puts things in its way. */
final class Redis implements AutoCloseable {

    private static final Keys KEYS = new Keys("bucketkeeper");

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private Redis(String endpoint) {
        RedisURI uri = RedisURI.create("redis://" + endpoint);
        uri.setTimeout(Duration.ofSeconds(30));
        client = RedisClient.create(uri);
        client.setOptions(
                ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build());
        connection = client.connect();
    }

    static Redis of(RedisServer server) {
        return new Redis(server.endpoints().get(0));
    }

    RedisCommands<String, String> commands() {
        return connection.sync();
    }

    /** Returns the store's revision without asking the store. */
    long revision() {
        return Long.parseLong(commands().hget(key("meta"), "revision"));
    }

    /** Returns the value of an entry without asking the store; null if there is none. */
    @Nullable String value(String name) {
        String entry = commands().hget(key("entries"), name);
        return entry == null ? null : entry.split(" ", 4)[3];
    }

    /** Returns all that the store keeps in the server, in a form that can be compared. */
    List<String> everything() {
        return commands().keys("*").stream()
                .filter(key -> !key.equals(key("meta")))
                .sorted()
                .map(key -> key + " " + commands().type(key) + " " + size(key))
                .toList();
    }

    private long size(String key) {
        String type = commands().type(key);
        return switch (type) {
            case "hash" -> commands().hlen(key);
            case "zset" -> commands().zcard(key);
            case "stream" -> commands().xlen(key);
            case "list" -> commands().llen(key);
            default -> 1;
        };
    }

    boolean hasClientThatWaits() {
        return !commands().info("clients").contains("blocked_clients:0");
    }

    /** Cuts the connections whose last command was a script. */
    void cutClientsThatRunScripts() {
        commands()
                .clientList()
                .lines()
                .filter(client -> client.contains(" cmd=eval"))
                .map(client -> client.substring("id=".length(), client.indexOf(' ')))
                .forEach(id -> commands().clientKill(KillArgs.Builder.id(Long.parseLong(id))));
    }

    static String key(String name) {
        return KEYS.log().replace("log", name);
    }

    @Override
    public void close() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
