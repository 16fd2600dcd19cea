package org.bucketkeeper.assignment;

/** Makes text from outside fit for an error message: on one line and not too long. */
final class ShownText {

    private static final int LONGEST = 64;

    private ShownText() {}

    static String of(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        if (text.length() > LONGEST) {
            shown.append("... (").append(text.length()).append(" characters)");
        }
        return shown.toString();
    }
}
