package org.bucketkeeper.testing;

/** Says why no real server could be had for a test; the message carries the end of the server's own log, if any. */
public final class ServerStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ServerStartException(String message) {
        super(message);
    }

    ServerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
