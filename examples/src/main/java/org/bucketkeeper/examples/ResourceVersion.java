package org.bucketkeeper.examples;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Tells the version that the build wrote into the jar. */
final class ResourceVersion implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream resource = ResourceVersion.class.getResourceAsStream("version.properties")) {
            properties.load(resource);
        }
        return new String[] {
            "bucketkeeper " + properties.getProperty("version"),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name")
        };
    }
}
