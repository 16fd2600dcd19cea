package org.bucketkeeper.config;

import org.bucketkeeper.internal.text.ShownText;

/** Makes text from a file fit for an error message: without a URL's user and password. */
final class RedactedText {

    private RedactedText() {}

    /** Returns the text in double quotes. */
    static String quoted(String text) {
        return ShownText.quoted(withoutUserInfo(text));
    }

    /** Cuts at the last at-sign, because a password in a malformed URL may hold any character. */
    private static String withoutUserInfo(String text) {
        int end = text.lastIndexOf('@');
        if (end < 0) {
            return text;
        }
        int scheme = text.indexOf("://");
        int start = scheme >= 0 && scheme < end ? scheme + "://".length() : 0;
        return text.substring(0, start) + "***" + text.substring(end);
    }
}
