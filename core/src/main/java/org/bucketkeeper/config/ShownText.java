package org.bucketkeeper.config;

/** Makes text from a file fit for an error message: on one line, not too long, and without a URL's user and password. */
final class ShownText {

    private static final int LONGEST = 100;

    private ShownText() {}

    /** Returns the text in double quotes. */
    static String quoted(String text) {
        String harmless = withoutUserInfo(text);
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(harmless.length(), LONGEST); i++) {
            char c = harmless.charAt(i);
            shown.append(isPlain(c) ? c : '?');
        }
        if (harmless.length() > LONGEST) {
            shown.append("...");
        }
        return shown.append('"').toString();
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

    /** Control characters could forge a log line, formatting ones could reorder it. */
    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
