package org.bucketkeeper.examples.ctl;

/** The codes that {@code ctl} ends with; scripts rely on them. */
final class ExitCode {

    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int OUT_OF_REACH = 3;
    static final int NOT_IN_TIME = 4;

    private ExitCode() {}
}
