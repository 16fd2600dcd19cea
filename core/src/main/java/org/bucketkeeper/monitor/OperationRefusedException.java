package org.bucketkeeper.monitor;

/** Says that the cluster did not do what an operator asked for, and why; nothing was changed by it. */
public final class OperationRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OperationRefusedException(String message) {
        super(message);
    }
}
