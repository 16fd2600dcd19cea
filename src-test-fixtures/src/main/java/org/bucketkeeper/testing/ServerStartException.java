package org.bucketkeeper.testing;

import org.jspecify.annotations.Nullable;

/** Says why no real server could be had for a test; the message carries the end of the server's own log, if any. */
public final class ServerStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean portTaken;

    private ServerStartException(String message, @Nullable Throwable cause, boolean portTaken) {
        super(message, cause);
        this.portTaken = portTaken;
    }

    ServerStartException(String message) {
        this(message, null, false);
    }

    ServerStartException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /** The start failed because another process had one of the ports: another try with others may do. */
    static ServerStartException portTaken(String message, @Nullable Throwable cause) {
        return new ServerStartException(message, cause, true);
    }

    boolean isPortTaken() {
        return portTaken;
    }
}
