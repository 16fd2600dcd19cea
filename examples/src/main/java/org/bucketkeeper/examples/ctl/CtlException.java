package org.bucketkeeper.examples.ctl;

import java.io.Serial;
import picocli.CommandLine.IExitCodeGenerator;

/** Says, in words for an operator, why a command was not done. */
final class CtlException extends RuntimeException implements IExitCodeGenerator {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String error;
    private final int exitCode;

    private CtlException(String error, int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
        this.exitCode = exitCode;
    }

    private CtlException(String error, int exitCode, String message) {
        super(message);
        this.error = error;
        this.exitCode = exitCode;
    }

    static CtlException refused(String message) {
        return new CtlException("refused", ExitCode.REFUSED, message);
    }

    static CtlException refused(Throwable cause) {
        return new CtlException("refused", ExitCode.REFUSED, String.valueOf(cause.getMessage()), cause);
    }

    static CtlException outOfReach(String message, Throwable cause) {
        return new CtlException("out_of_reach", ExitCode.OUT_OF_REACH, message, cause);
    }

    /** Returns the word by which a script tells what went wrong. */
    String error() {
        return error;
    }

    @Override
    public int getExitCode() {
        return exitCode;
    }
}
