package org.bucketkeeper.examples.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.Serial;
import java.util.concurrent.CompletionException;
import org.bucketkeeper.ownership.NotOwner;
import org.bucketkeeper.ownership.NotOwnerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says how to refuse a client: as an answer over HTTP, or in a message to a socket. */
final class ApiException extends RuntimeException {

    static final int BAD_REQUEST = 400;
    static final int TIMEOUT = 408;
    static final int TOO_LARGE = 413;
    static final int UPGRADE_REQUIRED = 426;
    static final int FAILED = 500;
    static final int UNAVAILABLE = 503;

    @Serial
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ApiException.class);

    private final int status;
    private final String error;
    private final String json;

    /**
     * Creates a refusal.
     *
     * @param status the status of the answer over HTTP
     * @param error for programs
     * @param message for people
     */
    ApiException(int status, String error, String message) {
        this(
                status,
                error,
                message,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("error", error)
                        .put("message", message)
                        .toString());
    }

    private ApiException(int status, String error, String message, String json) {
        super(message, null, false, false);
        this.status = status;
        this.error = error;
        this.json = json;
    }

    /** Returns a refusal that names whom to ask. */
    static ApiException notOwner(NotOwner refusal) {
        return new ApiException(NotOwner.HTTP_STATUS, "NOT_OWNER", "the base is not served here", refusal.toJson());
    }

    /** Returns what a failure means for the client. */
    static ApiException of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ApiException refusal) {
            return refusal;
        }
        if (cause instanceof NotOwnerException notOurs) {
            return notOwner(notOurs.refusal());
        }
        if (cause instanceof DepartedException departed) {
            return departed.departure() instanceof Departure.Moved moved
                    ? notOwner(moved.owner())
                    : new ApiException(UNAVAILABLE, "stopping", "the server ends; ask again");
        }
        if (cause instanceof StorageException storage) {
            return storage.isOutcomeKnown()
                    ? new ApiException(UNAVAILABLE, "storage_failed", "the storage failed; nothing was stored")
                    : new ApiException(
                            FAILED,
                            "outcome_unknown",
                            "the storage did not say whether the rows were stored; repeat them with the same _id");
        }
        LOG.warn("A request failed", cause);
        return new ApiException(FAILED, "internal_error", "the server failed; its log says how");
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    /** Returns the body to answer with over HTTP. */
    String json() {
        return json;
    }
}
