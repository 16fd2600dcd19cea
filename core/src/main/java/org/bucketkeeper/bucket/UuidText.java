package org.bucketkeeper.bucket;

import org.bucketkeeper.internal.text.ShownText;

/** Reads a UUID's text: checks all of it and decodes the two digits that name the bucket, allocating nothing. */
final class UuidText {

    private static final int UNDASHED_LENGTH = 32;
    private static final int DASHED_LENGTH = 36;

    /** The value of each ASCII character as a hex digit; all bits set where it is none. */
    private static final byte[] HEX_DIGITS = new byte[128];

    static {
        for (int c = 0; c < HEX_DIGITS.length; c++) {
            HEX_DIGITS[c] = (byte) Character.digit(c, 16);
        }
    }

    private UuidText() {}

    /** Returns the value of a hex digit in either case, or a negative number. */
    static int hexDigit(char c) {
        return c < HEX_DIGITS.length ? HEX_DIGITS[c] : -1;
    }

    static int bucketIndex(CharSequence text) {
        boolean wellFormed;
        if (text.length() == DASHED_LENGTH) {
            wellFormed = (hexDigits(text, 0, 8)
                            | hexDigits(text, 9, 13)
                            | hexDigits(text, 14, 18)
                            | hexDigits(text, 19, 23)
                            | hexDigits(text, 24, 36))
                    >= 0;
            wellFormed &=
                    text.charAt(8) == '-' && text.charAt(13) == '-' && text.charAt(18) == '-' && text.charAt(23) == '-';
        } else {
            wellFormed = text.length() == UNDASHED_LENGTH && hexDigits(text, 0, UNDASHED_LENGTH) >= 0;
        }
        if (!wellFormed) {
            throw new IllegalArgumentException(
                    "UUID must be 32 hex digits, undashed or dashed as 8-4-4-4-12, but is " + ShownText.quoted(text));
        }
        return hexDigit(text.charAt(0)) << 4 | hexDigit(text.charAt(1));
    }

    /** Returns a negative number if a character in the range is no hex digit. */
    private static int hexDigits(CharSequence text, int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            all |= hexDigit(text.charAt(i));
        }
        return all;
    }
}
