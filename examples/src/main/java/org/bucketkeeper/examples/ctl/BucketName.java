package org.bucketkeeper.examples.ctl;

import java.util.Locale;
import org.bucketkeeper.bucket.Bucket;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a bucket from the command line: two hex digits in either case. */
final class BucketName implements ITypeConverter<Bucket> {

    @Override
    public Bucket convert(String value) {
        try {
            return Bucket.parse(value.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("must be two hex digits, 00 to ff, but is \"" + value + "\"");
        }
    }
}
