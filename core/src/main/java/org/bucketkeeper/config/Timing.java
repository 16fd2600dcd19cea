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

    private static final int SHORTEST_TTL = 2;
    private static final int HOUR = 3600;
    private static final int DAY = 24 * HOUR;

    static Timing read(Section section) {
        return new Timing(
                Duration.ofSeconds(section.wholeNumber(SESSION_TTL, SHORTEST_TTL, HOUR, 90)),
                Duration.ofSeconds(section.wholeNumber(MONITOR_TTL, SHORTEST_TTL, HOUR, 10)),
                Duration.ofSeconds(section.wholeNumber(SETTLE, 0, HOUR, 10)),
                Duration.ofSeconds(section.wholeNumber(MASS_LOSS_HOLD, 0, DAY, 180)),
                Duration.ofMillis(section.wholeNumber(REQUEST_TIMEOUT, 100, 60_000, 5_000)));
    }
}
