package org.bucketkeeper.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.bucketkeeper.config.Endpoint;
import org.jspecify.annotations.Nullable;

/** Reads what Lettuce and Redis mean by their errors. */
final class Errors {

    private static final Pattern WRONG_SERVER = Pattern.compile("\\b(READONLY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN)\\b");

    private Errors() {}

    static Throwable unwrap(Throwable error) {
        Throwable at = error;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /** Returns all that the error and its causes say, outermost first. */
    static String describe(Throwable error) {
        Set<String> parts = new LinkedHashSet<>();
        for (Throwable at = unwrap(error); at != null; at = at.getCause()) {
            String text = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
            if (parts.stream().noneMatch(part -> part.contains(text))) {
                parts.add(text);
            }
        }
        return String.join(": ", parts);
    }

    /** Tells whether the server does not know the script, and so has not run it. */
    static boolean isUnknownScript(Throwable error) {
        return unwrap(error) instanceof RedisNoScriptException;
    }

    /** Tells whether the server is the wrong one to ask, and so has not run the script. */
    static boolean isWrongServer(Throwable error) {
        return says(error, "MOVED ") || mentionsWrongServer(error);
    }

    private static boolean mentionsWrongServer(Throwable error) {
        // A script that failed at its first write is reported with other words before those of the command.
        return unwrap(error) instanceof RedisCommandExecutionException refused
                && WRONG_SERVER.matcher(String.valueOf(refused.getMessage())).find();
    }

    /** Returns where a server of a Redis Cluster says the keys are; null if the error says nothing of it. */
    static @Nullable Endpoint movedTo(Throwable error, Endpoint from) {
        if (!says(error, "MOVED ")) {
            return null;
        }
        String[] words = String.valueOf(unwrap(error).getMessage()).split(" ", -1);
        int colon = words.length < 3 ? -1 : words[2].lastIndexOf(':');
        if (colon < 0) {
            return null;
        }
        // A server that does not know the name of the other's host leaves it out, and means its own.
        String host = colon == 0 ? from.host() : words[2].substring(0, colon);
        return new Endpoint(host, Integer.parseInt(words[2].substring(colon + 1)));
    }

    private static boolean says(Throwable error, String firstWord) {
        return unwrap(error) instanceof RedisCommandExecutionException refused
                && String.valueOf(refused.getMessage()).startsWith(firstWord);
    }
}
