package org.bucketkeeper.bucket;

import java.util.HexFormat;
import java.util.UUID;
import org.bucketkeeper.internal.text.ShownText;

/**
 * Tells which of the 256 shares of the work a base belongs to: the first two hex characters of its UUID.
 *
 * <p>There is one instance for each index, so buckets may be compared with {@code ==} and creating one allocates
 * nothing. Immutable and thread-safe.
 */
public final class Bucket implements Comparable<Bucket> {

    /** The number of buckets. */
    public static final int COUNT = 256;

    private static final Bucket[] ALL = new Bucket[COUNT];

    static {
        for (int i = 0; i < COUNT; i++) {
            ALL[i] = new Bucket(i);
        }
    }

    private final int index;
    private final String name;

    private Bucket(int index) {
        this.index = index;
        this.name = HexFormat.of().toHexDigits((byte) index);
    }

    /**
     * Returns the bucket with an index.
     *
     * @param index 0 to 255
     * @throws IllegalArgumentException if the index is outside that range
     */
    public static Bucket of(int index) {
        if (index < 0 || index >= COUNT) {
            throw new IllegalArgumentException("bucket index must be 0 to 255, but is " + index);
        }
        return ALL[index];
    }

    /** Returns the bucket of the base with {@code uuid}. */
    public static Bucket of(UUID uuid) {
        return ALL[indexOf(uuid)];
    }

    /**
     * Returns the bucket of the base with {@code uuid}.
     *
     * @param uuid a whole UUID, dashed (36 characters) or undashed (32), in upper or lower case
     * @throws IllegalArgumentException if it is anything else; the message shows the value
     */
    public static Bucket of(CharSequence uuid) {
        return ALL[indexOf(uuid)];
    }

    /** Returns the index, 0 to 255, of the bucket of the base with {@code uuid}: what {@link #of(UUID)} would have. */
    public static int indexOf(UUID uuid) {
        return (int) (uuid.getMostSignificantBits() >>> 56);
    }

    /**
     * Returns the index, 0 to 255, of the bucket of the base with {@code uuid}: what {@link #of(CharSequence)} would
     * have.
     *
     * @param uuid a whole UUID, dashed (36 characters) or undashed (32), in upper or lower case
     * @throws IllegalArgumentException if it is anything else; the message shows the value
     */
    public static int indexOf(CharSequence uuid) {
        return UuidText.bucketIndex(uuid);
    }

    /**
     * Returns the bucket with a name, as {@link #toString()} gives it and the store's keys hold it.
     *
     * @param name two lower-case hex digits
     * @throws IllegalArgumentException if it is anything else; the message shows the value
     */
    public static Bucket parse(String name) {
        if (isName(name)) {
            return ALL[lowerCaseHexDigit(name.charAt(0)) << 4 | lowerCaseHexDigit(name.charAt(1))];
        }
        throw new IllegalArgumentException(
                "bucket must be two lower-case hex digits, but is " + ShownText.quoted(name));
    }

    /** Tells whether {@code text} is the name of a bucket, so that {@link #parse} takes it. */
    public static boolean isName(String text) {
        return text.length() == 2 && (lowerCaseHexDigit(text.charAt(0)) | lowerCaseHexDigit(text.charAt(1))) >= 0;
    }

    private static int lowerCaseHexDigit(char c) {
        return c >= 'A' && c <= 'F' ? -1 : UuidText.hexDigit(c);
    }

    /** Returns the index, 0 to 255. */
    public int index() {
        return index;
    }

    @Override
    public int compareTo(Bucket other) {
        return Integer.compare(index, other.index);
    }

    /** Returns the two lower-case hex digits that name the bucket. */
    @Override
    public String toString() {
        return name;
    }
}
