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
            int digits = fourDigits(text, 0)
                    | fourDigits(text, 4)
                    | fourDigits(text, 9)
                    | fourDigits(text, 14)
                    | fourDigits(text, 19)
                    | fourDigits(text, 24)
                    | fourDigits(text, 28)
                    | fourDigits(text, 32);
            int dashes = (text.charAt(8) ^ '-')
                    | (text.charAt(13) ^ '-')
                    | (text.charAt(18) ^ '-')
                    | (text.charAt(23) ^ '-');
            wellFormed = digits >= 0 && dashes == 0;
        } else {
            wellFormed = text.length() == UNDASHED_LENGTH
                    && (fourDigits(text, 0)
                                    | fourDigits(text, 4)
                                    | fourDigits(text, 8)
                                    | fourDigits(text, 12)
                                    | fourDigits(text, 16)
                                    | fourDigits(text, 20)
                                    | fourDigits(text, 24)
                                    | fourDigits(text, 28))
                            >= 0;
        }
        if (!wellFormed) {
            throw new IllegalArgumentException(
                    "UUID must be 32 hex digits, undashed or dashed as 8-4-4-4-12, but is " + ShownText.quoted(text));
        }
        return hexDigit(text.charAt(0)) << 4 | hexDigit(text.charAt(1));
    }

    /** Returns a negative number if one of the four characters is no hex digit; one check serves all four. */
    private static int fourDigits(CharSequence text, int from) {
        char a = text.charAt(from);
        char b = text.charAt(from + 1);
        char c = text.charAt(from + 2);
        char d = text.charAt(from + 3);
        return (a | b | c | d) < HEX_DIGITS.length ? HEX_DIGITS[a] | HEX_DIGITS[b] | HEX_DIGITS[c] | HEX_DIGITS[d] : -1;
    }
}
