package org.bucketkeeper.config;

import java.time.Duration;
import java.util.List;

/** The durations of the {@code cluster_config} section. */
record Timing(
        Duration sessionTtl, Duration monitorTtl, Duration settleTime, Duration massLossHold, Duration requestTimeout) {

    private static final String SESSION_TTL = "session_ttl_seconds";
    private static final String MONITOR_TTL = "monitor_ttl_seconds";
    private static final String SETTLE = "settle_seconds";
    private static final String MASS_LOSS_HOLD = "mass_loss_hold_seconds";
    private static final String REQUEST_TIMEOUT = "request_timeout_ms";

    static final List<String> KEYS = List.of(SESSION_TTL, MONITOR_TTL, SETTLE, MASS_LOSS_HOLD, REQUEST_TIMEOUT);

    static final Timing DEFAULT = new Timing(
            Duration.ofSeconds(90),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(180),
            Duration.ofSeconds(5));

    private static final int SHORTEST_TTL = 2;
    private static final int HOUR = 3600;
    private static final int DAY = 24 * HOUR;

    static Timing read(Section section) {
        return new Timing(
                seconds(section, SESSION_TTL, SHORTEST_TTL, HOUR, DEFAULT.sessionTtl()),
                seconds(section, MONITOR_TTL, SHORTEST_TTL, HOUR, DEFAULT.monitorTtl()),
                seconds(section, SETTLE, 0, HOUR, DEFAULT.settleTime()),
                seconds(section, MASS_LOSS_HOLD, 0, DAY, DEFAULT.massLossHold()),
                Duration.ofMillis(section.wholeNumber(REQUEST_TIMEOUT, 100, 60_000, (int)
                        DEFAULT.requestTimeout().toMillis())));
    }

    private static Duration seconds(Section section, String key, int min, int max, Duration fallback) {
        return Duration.ofSeconds(section.wholeNumber(key, min, max, (int) fallback.toSeconds()));
    }
}
