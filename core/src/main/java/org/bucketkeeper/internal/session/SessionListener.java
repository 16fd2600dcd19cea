package org.bucketkeeper.internal.session;

import java.time.Duration;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;

/** Is told, on the loop, what becomes of a session. */
public interface SessionListener {

    /** The key is held; the first call of {@link #deadlineMoved} follows at once. */
    void acquired(Held held);

    /** The session may be relied on until {@code deadline}, a time of the loop in nanoseconds. */
    default void deadlineMoved(long deadline) {}

    /** What was held may be held by another from now on; the session tries to get hold of the key anew. */
    void lost(Held held, LossReason reason);

    /**
     * Another holds the key, with {@code holder} as its value if that is known; the session waits for it. A session that
     * held the key before waits without end, and says so again from time to time.
     */
    default void contended(@Nullable String holder, Duration patience) {}

    /** Another kept the key, which this session never held, longer than the patience; the session does nothing more. */
    default void gaveUp(Duration patience) {}

    /** The store did not do as asked; the session tries again. */
    default void trouble(StoreException cause) {}
}
