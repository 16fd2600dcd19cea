package org.bucketkeeper.testing.scale;

import java.util.Arrays;

/** When something happened, each time; in order. */
final class Moments {

    private long[] times = new long[1024];
    private int count;

    void add(long time) {
        if (count == times.length) {
            times = Arrays.copyOf(times, 2 * count);
        }
        times[count] = time;
        count++;
    }

    int count() {
        return count;
    }

    /** Returns when it happened last; 0 if never. */
    long last() {
        return count == 0 ? 0 : times[count - 1];
    }

    /** Returns how often it happened at most in any interval of that length. */
    int mostWithin(long nanos) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < count; last++) {
            while (times[last] - times[first] >= nanos) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
