package org.bucketkeeper.examples.simulate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How large a cluster is.
 *
 * @param servers how many servers it has, at least 2
 * @param routers how many processes that only follow it
 */
record ClusterSize(int servers, int routers) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

    /** Reads {@code SERVERSxROUTERS}. */
    static final class Converter implements ITypeConverter<ClusterSize> {

        @Override
        public ClusterSize convert(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (matcher.matches()) {
                ClusterSize size =
                        new ClusterSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
                if (size.servers >= 2) {
                    return size;
                }
            }
            throw new TypeConversionException(
                    "must be SERVERSxROUTERS with at least 2 servers, such as 100x1000, but is " + text);
        }
    }
}
