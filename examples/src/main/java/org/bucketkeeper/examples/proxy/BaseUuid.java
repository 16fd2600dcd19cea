package org.bucketkeeper.examples.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * The UUID of the base that a request is about, found in its path or, as {@code dtable_uuid}, in its query.
 *
 * @param text 32 lower-case hex digits
 */
record BaseUuid(String text) {

    /** What stands before the UUID in a path; each also behind {@code dtable-server}. */
    private static final List<List<String>> BEFORE = List.of(
            List.of("api", "v1", "dtables"),
            List.of("api", "v1", "internal", "dtables"),
            List.of("api", "v2", "dtables"));

    private static final String SERVER = "dtable-server";
    private static final String PARAMETER = "dtable_uuid";

    /**
     * Finds the UUID of a request.
     *
     * @param target the request's target in origin form, percent-encoded
     * @throws RefusedRequestException if there is none, a bad one, or two that differ
     */
    static BaseUuid in(String target) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        List<String> named = new ArrayList<>();
        String inPath = inPath(path);
        if (inPath != null) {
            named.add(inPath);
        }
        if (question >= 0) {
            addFromQuery(target.substring(question + 1), named);
        }
        if (named.isEmpty()) {
            throw new RefusedRequestException(
                    "no_base_uuid",
                    "the request names no base: neither its path, such as /api/v1/dtables/UUID/, nor its query, as"
                            + " dtable_uuid=UUID, but is " + Shown.quoted(path));
        }
        BaseUuid found = of(named.get(0));
        for (String other : named) {
            if (!of(other).equals(found)) {
                throw new RefusedRequestException(
                        "contradicting_base_uuids",
                        "the request names two bases: " + Shown.quoted(named.get(0)) + " and " + Shown.quoted(other));
            }
        }
        return found;
    }

    /** Returns the bucket that the base belongs to. */
    Bucket bucket() {
        return Bucket.of(text);
    }

    private static BaseUuid of(String text) {
        try {
            Bucket.indexOf(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedRequestException("bad_base_uuid", String.valueOf(e.getMessage()));
        }
        return new BaseUuid(text.replace("-", "").toLowerCase(Locale.ROOT));
    }

    private static @Nullable String inPath(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", 7)) {
            segments.add(decoded(segment.replace("+", "%2B")));
        }
        boolean behindServer = segments.get(0).equals(SERVER);
        List<String> rest = behindServer ? segments.subList(1, segments.size()) : segments;
        for (List<String> before : BEFORE) {
            if (startsWith(rest, before)) {
                return rest.get(before.size());
            }
        }
        return behindServer && startsWith(rest, List.of("dtables")) ? rest.get(1) : null;
    }

    private static boolean startsWith(List<String> segments, List<String> beginning) {
        int size = beginning.size();
        return segments.size() > size && segments.subList(0, size).equals(beginning);
    }

    private static void addFromQuery(String query, List<String> named) {
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if (isNamedAsOurs(name)) {
                named.add(equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
            }
        }
    }

    /** Another parameter may be as badly encoded as it likes: that is the server's to judge. */
    private static boolean isNamedAsOurs(String name) {
        try {
            return PARAMETER.equals(decoded(name));
        } catch (RefusedRequestException notOurs) {
            return false;
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedRequestException(
                    "bad_base_uuid", "the percent-encoding is broken in " + Shown.quoted(text));
        }
    }
}
