package org.bucketkeeper.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON value that knows where it stands. Its {@code toString} never shows the value, which may be a password. */
sealed interface LocatedValue {

    /** Where the value begins. */
    Position at();

    /** What kind of value this is, as an error message says it. */
    String kind();

    /** The value as an error message may show it, if it is known not to be a password. */
    default String shown() {
        return kind();
    }

    record Text(Position at, String value) implements LocatedValue {

        @Override
        public String kind() {
            return "text";
        }

        @Override
        public String shown() {
            return RedactedText.quoted(value);
        }

        @Override
        public String toString() {
            return kind() + " at " + at;
        }
    }

    /** A number; {@code digits} are those of the file, with sign, fraction and exponent. */
    record Numeral(Position at, String digits) implements LocatedValue {

        private static final int LONGEST_SHOWN = 24;

        @Override
        public String kind() {
            return "a number";
        }

        @Override
        public String shown() {
            return digits.length() <= LONGEST_SHOWN ? digits : digits.substring(0, LONGEST_SHOWN) + "...";
        }

        @Override
        public String toString() {
            return kind() + " at " + at;
        }
    }

    record Flag(Position at, boolean value) implements LocatedValue {

        @Override
        public String kind() {
            return value ? "true" : "false";
        }
    }

    record Null(Position at) implements LocatedValue {

        @Override
        public String kind() {
            return "null";
        }
    }

    record Array(Position at, List<LocatedValue> elements) implements LocatedValue {

        @Override
        public String kind() {
            return "a list";
        }
    }

    record Block(Position at, List<Member> members) implements LocatedValue {

        @Override
        public String kind() {
            return "an object";
        }

        /** Returns the first member with a name. */
        @Nullable Member find(String name) {
            for (Member member : members) {
                if (member.name().equals(name)) {
                    return member;
                }
            }
            return null;
        }
    }

    /** A key and its value; {@code at} is where the key begins. */
    record Member(Position at, String name, LocatedValue value) {}
}
