package org.bucketkeeper.examples.server;

import java.io.Serial;

/** Says that a base cannot be used here any more. */
final class DepartedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Departure departure;

    DepartedException(Departure departure) {
        super(departure.toString(), null, false, false);
        this.departure = departure;
    }

    /** Returns why. */
    Departure departure() {
        return departure;
    }
}
