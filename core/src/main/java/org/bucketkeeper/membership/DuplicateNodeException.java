package org.bucketkeeper.membership;

/** Says that another process holds the node's name and did not let go of it in time. */
public final class DuplicateNodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DuplicateNodeException(String message) {
        super(message);
    }
}
