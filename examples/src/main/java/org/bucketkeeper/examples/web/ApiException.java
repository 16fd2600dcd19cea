package org.bucketkeeper.examples.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serial;
import java.net.URI;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.routing.NoOwnerException;

/** Says over HTTP why there is no answer. Made without a stack trace: it tells of the request, not of a mistake here. */
final class ApiException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    ApiException(int status, String error, String message) {
        super(message, null, false, false);
        this.status = status;
        this.error = error;
    }

    static ApiException badUuid(IllegalArgumentException cause) {
        return new ApiException(400, "bad_base_uuid", String.valueOf(cause.getMessage()));
    }

    static ApiException noOwner(NoOwnerException cause) {
        return new ApiException(503, "no_owner", String.valueOf(cause.getMessage()));
    }

    static ApiException unreachable(URI url, Throwable cause) {
        return cause instanceof TimeoutException
                ? new ApiException(504, "no_answer", "no answer in time from " + url)
                : new ApiException(502, "unreachable", "no good answer from " + url + ": " + cause.getMessage());
    }

    static ApiException failedCall(URI url, int itsStatus) {
        return new ApiException(
                itsStatus == 503 ? 503 : 502, "call_failed", "the answer from " + url + " is HTTP " + itsStatus);
    }

    int status() {
        return status;
    }

    ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("error", error).put("message", getMessage());
    }
}
