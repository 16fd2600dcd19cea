package org.bucketkeeper.config;

/**
 * Carries a password without showing it by accident: only {@link #reveal()} gives it away.
 *
 * <p>Immutable and thread-safe. The text stays in memory as long as the secret does; it is not wiped.
 */
public final class Secret {

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** Returns a secret that holds {@code text}. */
    public static Secret of(String text) {
        return new Secret(text);
    }

    /** Returns the text itself; hand it to what needs it and do not keep or print it. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && text.equals(secret.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns {@code ***}, whatever the secret. */
    @Override
    public String toString() {
        return "***";
    }
}
