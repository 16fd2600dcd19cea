package org.bucketkeeper.examples.demo;

/**
 * A colour.
 *
 * @param red 0 to 255
 * @param green 0 to 255
 * @param blue 0 to 255
 */
record Rgb(int red, int green, int blue) {

    private static final int[] CUBE_LEVELS = {0, 95, 135, 175, 215, 255};

    static Rgb of(int hex) {
        return new Rgb(hex >> 16 & 0xff, hex >> 8 & 0xff, hex & 0xff);
    }

    /** Returns this colour with less light, to step back behind others. */
    Rgb dimmed() {
        return new Rgb(red * 2 / 5, green * 2 / 5, blue * 2 / 5);
    }

    /** Tells whether black is easier to read on it than white: by its luminance as the WCAG weighs it. */
    boolean isLight() {
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) > 0.179;
    }

    private static double linear(int level) {
        double share = level / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    /** Returns the nearest colour of the 6 by 6 by 6 cube that terminals with 256 colours have. */
    int nearestOf256() {
        return 16 + 36 * nearestLevel(red) + 6 * nearestLevel(green) + nearestLevel(blue);
    }

    private static int nearestLevel(int value) {
        int best = 0;
        for (int i = 1; i < CUBE_LEVELS.length; i++) {
            if (Math.abs(CUBE_LEVELS[i] - value) < Math.abs(CUBE_LEVELS[best] - value)) {
                best = i;
            }
        }
        return best;
    }
}
