package org.bucketkeeper.internal.text;

/** Makes text from outside fit for a message: on one line, in the order it is written in, and not too long. */
public final class ShownText {

    private static final int LONGEST = 100;

    private ShownText() {}

    /** Returns {@code text} in double quotes, with harmful characters replaced and cut if it is long. */
    public static String quoted(CharSequence text) {
        return '"' + plain(text) + '"';
    }

    /** Returns {@code text} with harmful characters replaced and cut if it is long. */
    public static String plain(CharSequence text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
            char c = text.charAt(i);
            shown.append(isPlain(c) ? c : '?');
        }
        if (text.length() > LONGEST) {
            shown.append("...");
        }
        return shown.toString();
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
