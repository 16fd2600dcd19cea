package org.bucketkeeper.examples.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Redis and its client need for the least that could do the work: the floors of the figures on Redis. */
final class RawRedis implements AutoCloseable {

    private static final String SCRIPT = "return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])";
    private static final Pattern CALLS = Pattern.compile("cmdstat_([a-z|]+):calls=(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> writer;
    private final StatefulRedisConnection<String, String> reader;
    private final String key;

    /** @param name the beginning of the keys to write, which nothing else uses; they are deleted in the end */
    RawRedis(String uri, String name) {
        client = RedisClient.create(uri);
        writer = client.connect();
        reader = client.connect();
        key = name;
    }

    /** Returns the nanoseconds from the sending of an XADD until a blocked XREAD has the entry. */
    // The array of offsets that the compiler makes of the one is seen by nobody else.
    @SuppressWarnings("unchecked")
    long[] addToRead(String value, int warmUps, int samples) throws InterruptedException {
        long[] times = new long[samples];
        String last = "0-0";
        for (int i = 0; i < warmUps + samples; i++) {
            var reading = reader.async()
                    .xread(XReadArgs.Builder.block(PATIENCE).count(1), StreamOffset.from(key + "stream", last));
            while (!isBlocked()) {
                Thread.onSpinWait();
            }
            long start = System.nanoTime();
            var unused = writer.async().xadd(key + "stream", Map.of("v", value));
            List<StreamMessage<String, String>> read;
            try {
                read = reading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("an entry was not read", e);
            }
            long time = System.nanoTime() - start;
            last = read.get(0).getId();
            if (i >= warmUps) {
                times[i - warmUps] = time;
            }
        }
        return times;
    }

    private boolean isBlocked() {
        return writer.sync().info("clients").contains("blocked_clients:1");
    }

    /** Returns how often a script of one write is run in a second, by so many at a time. */
    double scriptsPerSecond(int atOnce, Duration time) throws InterruptedException {
        String digest = writer.sync().scriptLoad(SCRIPT);
        Supplier<CompletionStage<?>> run = () ->
                writer.async().evalsha(digest, ScriptOutputType.INTEGER, new String[] {key + "hash"}, "field", "value");
        return Throughput.of(run, atOnce, time);
    }

    /** Returns how many commands of clients the server has run, without what this class does. */
    long commands(Set<String> counted) {
        long calls = 0;
        Matcher found = CALLS.matcher(writer.sync().info("commandstats"));
        while (found.find()) {
            if (counted.contains(found.group(1))) {
                calls += Long.parseLong(found.group(2));
            }
        }
        return calls;
    }

    @Override
    public void close() {
        writer.sync().del(key + "stream", key + "hash");
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
