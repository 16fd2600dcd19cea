package org.bucketkeeper.examples.simulate;

import org.bucketkeeper.testing.simulation.StoreGuarantee;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what a store promises from the name of a store that promises just that. */
final class GuaranteeConverter implements ITypeConverter<StoreGuarantee> {

    static final String KEEPS_WRITES = "etcd";
    static final String LOSES_WRITES = "redis";

    @Override
    public StoreGuarantee convert(String text) {
        return switch (text) {
            case KEEPS_WRITES -> StoreGuarantee.KEEPS_WRITES;
            case LOSES_WRITES -> StoreGuarantee.LOSES_WRITES;
            default ->
                throw new TypeConversionException(
                        "must be " + KEEPS_WRITES + " or " + LOSES_WRITES + " but is " + text);
        };
    }
}
