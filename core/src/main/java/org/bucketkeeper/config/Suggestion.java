package org.bucketkeeper.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses which key a misspelt one was meant to be. */
final class Suggestion {

    /** Longer names are no slip of the pen, and comparing them would cost time. */
    private static final int LONGEST_NAME = 64;

    private static final int MOST_SLIPS = 3;
    private static final int LETTERS_PER_SLIP = 4;

    private Suggestion() {}

    /** Returns the known key that is closest to a name, or null if none is close. */
    static @Nullable String closest(String name, Collection<String> known) {
        if (name.length() > LONGEST_NAME) {
            return null;
        }
        String simplified = simplify(name);
        String closest = null;
        int fewest = Integer.MAX_VALUE;
        for (String key : known) {
            int allowed = Math.min(MOST_SLIPS, Math.max(1, key.length() / LETTERS_PER_SLIP));
            int slips = slips(simplified, simplify(key));
            if (slips <= allowed && slips < fewest) {
                closest = key;
                fewest = slips;
            }
        }
        return closest;
    }

    private static String simplify(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * Counts the letters that must be put in, left out, changed or swapped with their neighbour to make one word of the
     * other (the optimal string alignment distance); takes time in proportion to the product of the lengths.
     */
    private static int slips(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distance[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : fewest(distance, a, b, i, j);
            }
        }
        return distance[a.length()][b.length()];
    }

    private static int fewest(int[][] distance, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int fewest =
                Math.min(Math.min(distance[i - 1][j] + 1, distance[i][j - 1] + 1), distance[i - 1][j - 1] + change);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(fewest, distance[i - 2][j - 2] + 1) : fewest;
    }
}
