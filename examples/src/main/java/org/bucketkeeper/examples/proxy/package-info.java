/**
 * dtable-server-proxy: sends each request to the server that owns its base, and lets no caller notice a hand-over.
 *
 * <p>Built on the HTTP server, HTTP client and pipes of Vert.x core. Its vertx-http-proxy would save little: it is not
 * released for the line of Vert.x that jetcd brings, pipes WebSockets without back-pressure, cannot send a request
 * again, and leaves the hop-by-hop headers of responses in.
 */
@NullMarked
package org.bucketkeeper.examples.proxy;

import org.jspecify.annotations.NullMarked;
