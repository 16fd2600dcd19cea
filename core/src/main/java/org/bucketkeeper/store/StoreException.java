package org.bucketkeeper.store;

import java.util.concurrent.CompletionException;
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

    /** Returns {@code failure} itself if it is one of these, otherwise one that has it as its cause. */
    public static StoreException from(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof StoreException known
                ? known
                : new StoreException("the store failed: " + cause.getMessage(), cause);
    }
}
