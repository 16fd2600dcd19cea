package org.bucketkeeper.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One setting of a Redis.
 *
 * @param values any text, spaces and quotes included
 */
record RedisDirective(String name, List<String> values) {

    RedisDirective {
        values = List.copyOf(values);
    }

    /** The setting as a line of {@code redis.conf}. */
    String line() {
        return Stream.concat(Stream.of(name), values.stream().map(RedisDirective::quoted))
                .collect(Collectors.joining(" "));
    }

    /** The setting as arguments of the program. */
    List<String> arguments() {
        return Stream.concat(Stream.of("--" + name), values.stream()).toList();
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = each >= ' ' && each != '"' && each != '\\';
            quoted.append(plain ? String.valueOf((char) each) : String.format("\\x%02x", each));
        }
        return quoted.append('"').toString();
    }

    /** Names the setting and keeps its values, a password among them, out of logs. */
    @Override
    public String toString() {
        return name;
    }
}
