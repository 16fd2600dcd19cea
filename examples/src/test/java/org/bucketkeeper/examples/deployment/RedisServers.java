package org.bucketkeeper.examples.deployment;

import java.util.List;
import org.bucketkeeper.redis.RedisStore;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.testing.RedisServer;

/** One Redis, which writes to disk before it answers. */
record RedisServers(RedisServer server) implements StoreServers {

    static RedisServers launch() {
        return new RedisServers(RedisServer.launchControllable());
    }

    @Override
    public List<String> endpoints() {
        return server.endpoints();
    }

    @Override
    public String configuration(List<String> endpoints, String settings) {
        String[] address = endpoints.get(0).split(":", 2);
        return "{\"redis_host\": \"%s\", \"redis_port\": %s, \"cluster_config\": {\"store\": \"redis\", %s}}"
                .formatted(address[0], address[1], settings);
    }

    @Override
    public CoordinationStore connect() {
        return RedisStore.builder().endpoints(endpoints()).build();
    }

    @Override
    public void close() {
        server.close();
    }
}
