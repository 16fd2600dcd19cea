package org.bucketkeeper.examples.program;

/** A command that runs a program, so that several can be run in one process. */
public interface ProgramCommand {

    /**
     * Starts the program on {@code runner}, as the command's options say.
     *
     * @throws ProgramException if it does not start
     */
    void start(ProgramRunner runner);
}
