package org.bucketkeeper.bucket;

/** Makes a value from outside fit for an error message: on one line and not too long. */
final class ShownValue {

    private static final int LONGEST = 64;

    private ShownValue() {}

    static String of(CharSequence value) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(value.length(), LONGEST); i++) {
            char c = value.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        if (value.length() > LONGEST) {
            shown.append("... (").append(value.length()).append(" characters)");
        }
        return shown.toString();
    }
}
