package org.bucketkeeper.examples.program;

import io.vertx.core.http.HttpServer;
import java.net.BindException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes HTTP servers listen, and says in plain words why one cannot. */
public final class Listener {

    private static final long PATIENCE_SECONDS = 10;

    private Listener() {}

    /**
     * Makes {@code server} listen; blocks until it does.
     *
     * @param host the address to listen on, such as {@code 0.0.0.0} for all
     * @param port 0 for any that is free
     * @return the port
     * @throws ProgramException if the port is taken or the address is not one of this machine
     */
    public static int listen(HttpServer server, String host, int port) {
        String where = host + ":" + port;
        try {
            return server.listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .actualPort();
        } catch (ExecutionException e) {
            throw new ProgramException("cannot listen on " + where + ": " + reason(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new ProgramException("cannot listen on " + where + ": no answer in " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramException("cannot listen on " + where + ": interrupted", e);
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "no reason is known";
        }
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnknownHostException) {
            return "the host is not known";
        }
        if (cause instanceof BindException && message.contains("in use")) {
            return "the port is in use by another program; stop that, or choose another port";
        }
        return message;
    }
}
