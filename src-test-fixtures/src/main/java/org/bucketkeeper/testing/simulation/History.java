package org.bucketkeeper.testing.simulation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** All that happened in a run: as a digest always, and as text where somebody wants to read it. */
final class History {

    private static final int ROOM = 16 * 1024;

    private final MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(ROOM);
    private final List<String> lines = new ArrayList<>();
    private final boolean traced;

    History(boolean traced) {
        this.traced = traced;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes note of a step of the scheduler. */
    void step(long time, int actor) {
        room(Long.BYTES + Integer.BYTES);
        buffer.putLong(time).putInt(actor);
    }

    /** Takes note of an event that a reader understands. */
    void note(long time, String actor, String what) {
        byte[] bytes = what.getBytes(StandardCharsets.UTF_8);
        room(Math.min(bytes.length, ROOM));
        buffer.put(bytes, 0, Math.min(bytes.length, ROOM));
        if (traced) {
            lines.add(String.format("%11.6f s  %-12s %s", time / 1e9, actor, what));
        }
    }

    boolean isTraced() {
        return traced;
    }

    List<String> lines() {
        return lines;
    }

    /** Returns the digest; nothing may be noted afterwards. */
    String digest() {
        flush();
        return HexFormat.of().formatHex(digest.digest());
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() {
        digest.update(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
