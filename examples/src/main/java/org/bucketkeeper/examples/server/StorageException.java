package org.bucketkeeper.examples.server;

import java.io.Serial;

/** Says that the storage failed, and whether what was to be written may be there all the same. */
final class StorageException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean outcomeKnown;

    private StorageException(String message, boolean outcomeKnown, Throwable cause) {
        super(message, cause);
        this.outcomeKnown = outcomeKnown;
    }

    /** Returns the failure of something of which certainly nothing was stored. */
    static StorageException nothingStored(Throwable cause) {
        return new StorageException("the storage failed and nothing was stored: " + cause.getMessage(), true, cause);
    }

    /** Returns the failure of a commit that may have taken effect. */
    static StorageException outcomeUnknown(Throwable cause) {
        return new StorageException(
                "the storage did not say whether the rows were stored; repeat with the same _id to find out: "
                        + cause.getMessage(),
                false,
                cause);
    }

    /** Tells whether it is certain that nothing was stored. */
    boolean isOutcomeKnown() {
        return outcomeKnown;
    }
}
