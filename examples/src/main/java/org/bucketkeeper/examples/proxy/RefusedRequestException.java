package org.bucketkeeper.examples.proxy;

import java.io.Serial;

/** Says what is wrong with a request, to whoever sent it. Made without a stack trace: it is no fault of ours. */
final class RefusedRequestException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String error;

    RefusedRequestException(String error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** Returns the code that programs can go by. */
    String error() {
        return error;
    }
}
