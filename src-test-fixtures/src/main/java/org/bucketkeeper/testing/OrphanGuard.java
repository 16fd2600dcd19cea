package org.bucketkeeper.testing;

import java.io.IOException;

/**
 * Ends a child process when this JVM ends in whatever way, a SIGKILL included, which no shutdown hook sees.
 *
 * <p>A shell reads from a pipe that only this JVM holds open: the end of the pipe is the end of the JVM.
 */
final class OrphanGuard implements AutoCloseable {

    private final Process shell;

    OrphanGuard(Process child) throws IOException {
        shell = new ProcessBuilder("sh", "-c", "cat > /dev/null; kill -KILL \"$0\"", Long.toString(child.pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Stands the guard down; to be called before the child's process id can belong to anybody else. */
    @Override
    public void close() {
        // The JDK closes its end of the pipe only once the shell is gone, so the shell never sees it end.
        shell.destroyForcibly();
    }
}
