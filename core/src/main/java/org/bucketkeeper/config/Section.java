package org.bucketkeeper.config;

import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of the file, asked for its keys one by one; what is wrong with a value goes to the {@link Problems}, and
 * the caller goes on without it.
 */
final class Section {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]+");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final String prefix;
    private final LocatedValue.Block block;
    private final Problems problems;

    /** Known keys for which a misspelt one stands; they are not missing as well. */
    private final Set<String> misspelt = new HashSet<>();

    /** Creates a section whose keys are shown with {@code prefix} before them. */
    Section(String prefix, LocatedValue.Block block, Problems problems) {
        this.prefix = prefix;
        this.block = block;
        this.problems = problems;
    }

    /** Returns where a key stands, or where the section begins if the key is absent. */
    Position at(String key) {
        LocatedValue.Member member = block.find(key);
        return member == null ? block.at() : member.at();
    }

    /** Returns whether the key stands here, be its value right or wrong. */
    boolean has(String key) {
        return block.find(key) != null;
    }

    /** Returns whether the key stands here or a misspelt one for it. */
    boolean isMeant(String key) {
        return has(key) || misspelt.contains(key);
    }

    /** Returns the value of a key of any type, or null if it is absent. */
    @Nullable LocatedValue value(String key) {
        LocatedValue.Member member = block.find(key);
        return member == null ? null : member.value();
    }

    /** Returns the value of a key, or null if it is absent or no text. */
    LocatedValue.@Nullable Text text(String key) {
        LocatedValue value = value(key);
        return value == null ? null : asText(key, value);
    }

    /** Returns the value as text, or null if it is none. */
    LocatedValue.@Nullable Text asText(String key, LocatedValue value) {
        if (value instanceof LocatedValue.Text text) {
            return text;
        }
        reject(key, value, "must be text in double quotes");
        return null;
    }

    /** Returns the value of a key, or null if it is absent or no text; no error shows it. */
    LocatedValue.@Nullable Text secretText(String key) {
        LocatedValue value = value(key);
        if (value == null || value instanceof LocatedValue.Text) {
            return (LocatedValue.Text) value;
        }
        rejectUnshown(key, value, "must be text in double quotes");
        return null;
    }

    /** Returns the value of a key, or {@code fallback} if it is absent or wrong. */
    int wholeNumber(String key, int min, int max, int fallback) {
        LocatedValue value = value(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof LocatedValue.Numeral number
                && WHOLE_NUMBER.matcher(number.digits()).matches()) {
            BigInteger wanted = new BigInteger(number.digits());
            if (wanted.compareTo(BigInteger.valueOf(min)) >= 0 && wanted.compareTo(BigInteger.valueOf(max)) <= 0) {
                return wanted.intValue();
            }
        }
        reject(key, value, "must be a whole number from " + min + " to " + max);
        return fallback;
    }

    /** Returns the value of a key, or {@code fallback} if it is absent or wrong. */
    boolean flag(String key, boolean fallback) {
        LocatedValue value = value(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof LocatedValue.Flag flag) {
            return flag.value();
        }
        reject(key, value, "must be true or false");
        return fallback;
    }

    /** Records that a value is not what was expected, and shows the value: not for a password. */
    void reject(String key, LocatedValue value, String expected) {
        problems.add(value.at(), prefix + key, expected + ", but is " + value.shown());
    }

    /** Records that a value is not what was expected, without showing it. */
    void rejectUnshown(String key, LocatedValue value, String expected) {
        String seen = value instanceof LocatedValue.Text ? "" : ", but is " + value.kind();
        problems.add(value.at(), prefix + key, expected + seen);
    }

    /** Records that a key may not stand here. */
    void rejectKey(String key, String reason) {
        problems.add(at(key), prefix + key, reason);
    }

    /** Records that a key is absent, unless a misspelt one stands for it. */
    void missing(String key, String expected) {
        if (!misspelt.contains(key)) {
            problems.add(at(key), prefix + key, "is missing; expected " + expected);
        }
    }

    /** Records each of two keys that stands here without the other; {@code expected} has a place for the one's name. */
    void requireTogether(String one, String other, String expected) {
        if (has(one) && !has(other)) {
            missing(other, expected.formatted(one));
        }
        if (has(other) && !has(one)) {
            missing(one, expected.formatted(other));
        }
    }

    /** Records each key that stands here more than once, if it is one of {@code keys}. */
    void rejectRepeated(Collection<String> keys) {
        Map<String, Position> first = new HashMap<>();
        for (LocatedValue.Member member : block.members()) {
            if (keys.contains(member.name())) {
                Position earlier = first.putIfAbsent(member.name(), member.at());
                if (earlier != null) {
                    problems.add(
                            member.at(),
                            prefix + member.name(),
                            "must stand only once, but stands in line " + earlier.line() + " too");
                }
            }
        }
    }

    /** Records each key that is none of {@code known}, without its value: it may be a password's key misspelt. */
    void rejectUnknown(Collection<String> known) {
        for (LocatedValue.Member member : block.members()) {
            if (!known.contains(member.name())) {
                String meant = Suggestion.closest(member.name(), known);
                if (meant != null) {
                    misspelt.add(meant);
                }
                problems.add(member.at(), prefix + shownName(member.name()), unknown(meant, known));
            }
        }
    }

    /** Records each key that is close to a known one but not the same, and returns whether there was any. */
    boolean rejectMisspelt(String known) {
        boolean found = false;
        for (LocatedValue.Member member : block.members()) {
            if (!member.name().equals(known) && Suggestion.closest(member.name(), List.of(known)) != null) {
                problems.add(member.at(), prefix + shownName(member.name()), unknown(known, List.of(known)));
                found = true;
            }
        }
        return found;
    }

    private static String unknown(@Nullable String meant, Collection<String> known) {
        return meant == null
                ? "is not a known key; expected one of " + String.join(", ", known)
                : "is not a known key; did you mean \"" + meant + "\"?";
    }

    private static String shownName(String name) {
        return PLAIN_NAME.matcher(name).matches() ? name : RedactedText.quoted(name);
    }
}
