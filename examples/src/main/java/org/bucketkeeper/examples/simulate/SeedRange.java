package org.bucketkeeper.examples.simulate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Seeds from one to another.
 *
 * @param first the first, not negative
 * @param last the last, not smaller than the first
 */
record SeedRange(long first, long last) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    long count() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }

    /** Reads {@code A-B}. */
    static final class Converter implements ITypeConverter<SeedRange> {

        @Override
        public SeedRange convert(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (matcher.matches()) {
                SeedRange range = new SeedRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
                if (range.first <= range.last) {
                    return range;
                }
            }
            throw new TypeConversionException("must be A-B with A not above B, such as 1-10000, but is " + text);
        }
    }
}
