package org.bucketkeeper.testing.simulation;

/**
 * A seed that once found something.
 *
 * @param seed the seed
 * @param guarantee what the store promised in the run that found it
 */
public record RegressionSeed(long seed, StoreGuarantee guarantee) {

    /** Reads {@code 744 what it found}, or {@code redis 744 what it found} where the store was not the default one. */
    static RegressionSeed parse(String line) {
        String[] words = line.strip().split("\\s+", 3);
        StoreGuarantee named = StoreGuarantee.ofStore(words[0]).orElse(null);
        try {
            return named == null
                    ? new RegressionSeed(Long.parseLong(words[0]), SimulationSettings.DEFAULT.guarantee())
                    : new RegressionSeed(Long.parseLong(words.length > 1 ? words[1] : ""), named);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must begin with a seed, or a store and a seed, but is: " + line, e);
        }
    }
}
