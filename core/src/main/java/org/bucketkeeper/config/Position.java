package org.bucketkeeper.config;

/**
 * A place in a text.
 *
 * @param line counted from 1
 * @param column counted in characters from 1
 */
record Position(int line, int column) {

    static final Position START = new Position(1, 1);

    /** Returns the place of the character that follows {@code text}; a line ends with LF, CR or both. */
    static Position after(CharSequence text) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean firstOfTwo = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (c == '\n' || (c == '\r' && !firstOfTwo)) {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new Position(line, column);
    }
}
