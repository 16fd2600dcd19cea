package org.bucketkeeper.examples;

import org.bucketkeeper.redis.RedisStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that names a Redis. */
public final class RedisOption {

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = {
                "Use this Redis instead of an embedded store: redis://[user:password@]host[:port][/database],",
                "rediss:// for TLS, redis-sentinel://host:port,host:port#primary for Sentinel."
            },
            converter = Uri.class)
    private @Nullable String uri;

    /** Returns the address; null if no Redis was named. */
    public @Nullable String uri() {
        return uri;
    }

    /** Refuses what is no address before anything is started, without showing it: it may have a password in it. */
    static final class Uri implements ITypeConverter<String> {

        @Override
        public String convert(String value) {
            try {
                RedisStore.builder().uri(value);
                return value;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
