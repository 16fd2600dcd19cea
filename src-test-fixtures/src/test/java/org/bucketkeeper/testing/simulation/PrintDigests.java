package org.bucketkeeper.testing.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Prints the digests of the first seeds, in a JVM of its own. */
final class PrintDigests {

    private PrintDigests() {}

    public static void main(String[] args) {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        for (long seed = 1; seed <= Long.parseLong(args[0]); seed++) {
            System.out.println(Simulation.run(seed, SimulationSettings.DEFAULT).digest());
        }
    }
}
