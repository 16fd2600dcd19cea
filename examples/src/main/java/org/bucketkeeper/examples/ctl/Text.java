package org.bucketkeeper.examples.ctl;

import java.time.Duration;
import java.util.Locale;
import org.bucketkeeper.bucket.BucketSet;

/** Words that several commands use. */
final class Text {

    private static final int LONGEST_NAMES = 48;

    private Text() {}

    static String count(int number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }

    /** Returns such as {@code 3 buckets [3f, 50..51]}; of many that do not follow each other only the first are named. */
    static String buckets(BucketSet buckets) {
        String names = buckets.toString();
        String shown = names.length() <= LONGEST_NAMES
                ? names
                : names.substring(0, names.lastIndexOf(',', LONGEST_NAMES)) + ", ...]";
        return count(buckets.size(), "bucket", "buckets") + " " + shown;
    }

    /** Returns such as {@code 3d 04:05:06}, or {@code 4.2 s} for what is shorter than a minute. */
    static String duration(Duration duration) {
        if (duration.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        String days = duration.toDays() == 0 ? "" : duration.toDays() + "d ";
        return days
                + String.format(
                        Locale.ROOT,
                        "%02d:%02d:%02d",
                        duration.toHoursPart(),
                        duration.toMinutesPart(),
                        duration.toSecondsPart());
    }
}
