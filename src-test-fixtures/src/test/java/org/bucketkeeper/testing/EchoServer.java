package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it is sent, and counts it: the server behind the relay under test. */
final class EchoServer implements AutoCloseable {

    private final ServerSocket listener;
    private final Thread acceptor;
    private volatile long received;

    EchoServer() {
        try {
            listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = daemon(this::acceptAll);
    }

    String endpoint() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** How many bytes have arrived over all connections, of which there is one at a time. */
    long received() {
        return received;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            // The port takes connections for as long as the other thread is in its accept.
            acceptor.join();
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket connection = listener.accept();
                daemon(() -> echo(connection));
            }
        } catch (IOException closed) {
            // The end of the server.
        }
    }

    // One connection at a time, so that one thread at a time counts.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void echo(Socket connection) {
        byte[] buffer = new byte[8 * 1024];
        try (connection) {
            int count;
            while ((count = connection.getInputStream().read(buffer)) > 0) {
                received += count;
                connection.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException broken) {
            // The relay's doing.
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "echo");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
