package org.bucketkeeper.examples.proxy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy itself answers where no server's answer can be had.
 *
 * @param status the HTTP status
 * @param error the code that programs can go by
 * @param message what happened, for people
 * @param run whether the request can have been run
 */
record ProxyAnswer(int status, String error, String message, Run run) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether it is safe to send the request again. */
    enum Run {
        CERTAINLY_NOT,
        PERHAPS
    }

    static ProxyAnswer refusal(RefusedRequestException refusal) {
        return new ProxyAnswer(400, refusal.error(), String.valueOf(refusal.getMessage()), Run.CERTAINLY_NOT);
    }

    static ProxyAnswer didNotRun(int status, String error, String message) {
        return new ProxyAnswer(status, error, message, Run.CERTAINLY_NOT);
    }

    static ProxyAnswer mayHaveRun(int status, String error, String message) {
        return new ProxyAnswer(status, error, message, Run.PERHAPS);
    }

    /** Tells whether the same request may well succeed in a moment. */
    boolean isWorthARetry() {
        return status == 503;
    }

    Buffer toJson(@Nullable Bucket bucket, long revision) {
        ObjectNode json = JSON.createObjectNode().put("error", error).put("message", message);
        if (bucket != null) {
            json.put("bucket", bucket.toString()).put("revision", revision);
        }
        if (run == Run.PERHAPS) {
            json.put("may_have_run", true);
        }
        return Buffer.buffer(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
