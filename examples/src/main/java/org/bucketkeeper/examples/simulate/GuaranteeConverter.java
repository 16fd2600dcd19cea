package org.bucketkeeper.examples.simulate;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bucketkeeper.testing.simulation.StoreGuarantee;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what a store promises from the name of a store that promises just that. */
final class GuaranteeConverter implements ITypeConverter<StoreGuarantee> {

    @Override
    public StoreGuarantee convert(String text) {
        return StoreGuarantee.ofStore(text)
                .orElseThrow(() -> new TypeConversionException("must be "
                        + Arrays.stream(StoreGuarantee.values())
                                .map(StoreGuarantee::storeName)
                                .collect(Collectors.joining(" or "))
                        + " but is " + text));
    }
}
