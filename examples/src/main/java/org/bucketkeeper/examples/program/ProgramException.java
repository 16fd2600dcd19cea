package org.bucketkeeper.examples.program;

import java.io.Serial;

/** Says, in words for an operator, why a program does not start or cannot go on. */
public final class ProgramException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message an operator can act on. */
    public ProgramException(String message) {
        super(message);
    }

    /** Creates an exception whose message an operator can act on, and whose cause helps a developer. */
    public ProgramException(String message, Throwable cause) {
        super(message, cause);
    }
}
