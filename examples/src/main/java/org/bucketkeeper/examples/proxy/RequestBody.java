package org.bucketkeeper.examples.proxy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** What comes after the head of a request, which decides how it is sent, and whether it can be sent again. */
enum RequestBody {
    /** Nothing. */
    NONE,
    /** A few bytes: read first, so that they can be sent again. */
    SMALL,
    /** Many bytes, or nobody knows how many: streamed, and only after the server agreed to have them. */
    STREAMED,
    /** The bytes of another protocol, once the server has agreed to it. */
    UPGRADE;

    /** What is kept of a request while it is under way. */
    static final int LARGEST_SMALL = 64 * 1024;

    /** Returns the kind of a request's body. */
    static RequestBody of(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            return STREAMED;
        }
        if (length != null && !length.equals("0")) {
            return length.length() <= 5 && Integer.parseInt(length) <= LARGEST_SMALL ? SMALL : STREAMED;
        }
        return isWebSocket(request) ? UPGRADE : NONE;
    }

    /** Tells whether the client sends any. */
    boolean hasBytes() {
        return this == SMALL || this == STREAMED;
    }

    /** Tells whether the client waits to be told to send the body. */
    static boolean isAwaited(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true);
    }

    /** Returns the bytes of a small body. */
    static Future<Buffer> read(HttpServerRequest request) {
        if (isAwaited(request)) {
            request.response().writeContinue();
        }
        return request.body();
    }

    private static boolean isWebSocket(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.method().equals(HttpMethod.GET)
                && Headers.listed(request.headers(), "Connection").contains("upgrade")
                && Headers.listed(request.headers(), "Upgrade").contains("websocket");
    }
}
