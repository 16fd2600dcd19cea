package org.bucketkeeper.examples;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that names an etcd cluster. */
public final class EtcdOption {

    @Option(
            names = "--etcd",
            paramLabel = "HOST:PORT",
            description = "Use this etcd instead of an embedded store; several members comma-separated.",
            split = ",",
            converter = EndpointText.class)
    private List<String> endpoints = List.of();

    /** Returns the members' addresses; empty if no etcd was named. */
    public List<String> endpoints() {
        return List.copyOf(endpoints);
    }

    /** Refuses what is no address before anything is started. */
    static final class EndpointText implements ITypeConverter<String> {

        @Override
        public String convert(String value) {
            if (!value.matches("([^:\\[\\]/\\s]+|\\[[0-9a-fA-F:.]+\\]):\\d{1,5}")) {
                throw new TypeConversionException("must be host:port, but is \"" + value + "\"");
            }
            return value;
        }
    }
}
