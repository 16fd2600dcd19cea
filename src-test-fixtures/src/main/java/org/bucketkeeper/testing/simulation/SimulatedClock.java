package org.bucketkeeper.testing.simulation;

import java.util.SplittableRandom;

/**
 * A machine's monotonic clock: begins anywhere and runs up to 0.5 % too fast or too slow, so that two machines differ by
 * 1 % at most, which is what the library's margin covers.
 */
final class SimulatedClock {

    private static final long MOST_PPM = 5_000;
    private static final long MILLION = 1_000_000;
    /** Nothing in a run waits that long; keeps the arithmetic from overflowing. */
    private static final long FAR = 3_000_000_000_000L;

    private final long origin;
    private final long ppm;

    SimulatedClock(SplittableRandom random) {
        origin = random.nextLong();
        // The extremes are where things break.
        ppm = switch (random.nextInt(4)) {
            case 0 -> -MOST_PPM;
            case 1 -> MOST_PPM;
            case 2 -> 0;
            default -> random.nextLong(-MOST_PPM, MOST_PPM + 1);
        };
    }

    /** Returns what the clock shows at a true time. */
    long read(long trueTime) {
        return origin + elapsed(trueTime);
    }

    /** Returns the first true time at which {@code delay} has passed on this clock since {@code trueTime}. */
    long trueTimeAfter(long trueTime, long delay) {
        if (delay <= 0) {
            return trueTime;
        }
        long target = elapsed(trueTime) + Math.min(delay, FAR);
        long time = target * MILLION / (MILLION + ppm);
        while (elapsed(time) < target) {
            time++;
        }
        return time;
    }

    private long elapsed(long trueTime) {
        return trueTime + trueTime * ppm / MILLION;
    }

    @Override
    public String toString() {
        return String.format("%+.2f %%", ppm / 1e4);
    }
}
