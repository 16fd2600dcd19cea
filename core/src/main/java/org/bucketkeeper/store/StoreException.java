package org.bucketkeeper.store;

import org.jspecify.annotations.Nullable;

/**
 * Says that the store gave no usable answer: out of reach, too slow, closed, or refusing the request. Whether the
 * request took effect is not known.
 */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message that names the store and what was asked of it. */
    public StoreException(String message) {
        super(message);
    }

    /** Creates an exception with a message that names the store and what was asked of it, and its cause. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
