package org.bucketkeeper.examples.proxy;

/** Makes text from a request fit for a message: printable ASCII, and not too long. */
final class Shown {

    private static final int LONGEST = 100;

    private Shown() {}

    static String quoted(String text) {
        String beginning = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return '"' + beginning.replaceAll("[^ -~]", "?") + '"';
    }
}
