package org.bucketkeeper.etcd;

import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what jetcd, gRPC and etcd mean by their errors. */
final class Errors {

    private static final String NO_SUCH_LEASE = "requested lease not found";

    private static final Pattern MORE_FRAMES = Pattern.compile("\\.\\.\\. \\d+ (more|common frames omitted)");

    private Errors() {}

    /** Returns whether etcd said that there is no such lease. */
    static boolean isNoSuchLease(Throwable error) {
        Throwable real = unwrap(error);
        boolean fromStore = real instanceof EtcdException || real instanceof StatusRuntimeException;
        return fromStore && String.valueOf(real.getMessage()).contains(NO_SUCH_LEASE);
    }

    /** Returns all that the error and its causes say, outermost first; never the content of a request. */
    static String describe(Throwable error) {
        Set<String> parts = new LinkedHashSet<>();
        for (Throwable at = unwrap(error); at != null; at = at.getCause()) {
            String text = text(at);
            if (parts.stream().noneMatch(part -> part.contains(text))) {
                parts.add(text);
            }
        }
        return String.join(": ", parts);
    }

    static Throwable unwrap(Throwable error) {
        Throwable at = error;
        while (at instanceof CompletionException && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /** Returns {@code error} as something that may be thrown on. */
    static RuntimeException unchecked(Throwable error) {
        return error instanceof RuntimeException runtime ? runtime : new CompletionException(error);
    }

    private static String text(Throwable error) {
        Status status = statusOf(error);
        if (status != null) {
            return status.getDescription() == null
                    ? status.getCode().toString()
                    : status.getCode() + " " + withoutStackTrace(status.getDescription());
        }
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    /** gRPC describes a failed connection by the whole stack trace of its cause; a message is one line. */
    private static String withoutStackTrace(String description) {
        return description
                .lines()
                .map(String::strip)
                .filter(line ->
                        !line.startsWith("at ") && !MORE_FRAMES.matcher(line).matches())
                .collect(Collectors.joining(" "));
    }

    private static @Nullable Status statusOf(Throwable error) {
        if (error instanceof StatusRuntimeException runtime) {
            return runtime.getStatus();
        }
        return error instanceof StatusException checked ? checked.getStatus() : null;
    }
}
