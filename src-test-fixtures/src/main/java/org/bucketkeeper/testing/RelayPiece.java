package org.bucketkeeper.testing;

/** What one read from a connection gave, and when; without bytes it is the end of the stream. */
final class RelayPiece {

    private final byte[] bytes;
    private final long arrivalNanos;

    /** Takes {@code bytes} over: the caller does not write to them again. */
    RelayPiece(byte[] bytes, long arrivalNanos) {
        this.bytes = bytes;
        this.arrivalNanos = arrivalNanos;
    }

    /** The bytes themselves, not a copy; not to be written to. */
    byte[] bytes() {
        return bytes;
    }

    long arrivalNanos() {
        return arrivalNanos;
    }

    boolean isEnd() {
        return bytes.length == 0;
    }
}
