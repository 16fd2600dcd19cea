package org.bucketkeeper.examples.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that does on each connection what a test says. */
final class RawTarget implements Closeable {

    private final ServerSocket listening;
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private RawTarget(ServerSocket listening) {
        this.listening = listening;
    }

    /** What to do on a connection. */
    @FunctionalInterface
    interface Script {

        void run(Wire wire) throws IOException;
    }

    static RawTarget start(Script script) throws IOException {
        RawTarget target = new RawTarget(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        daemon(() -> target.accept(script));
        return target;
    }

    /** Starts a server that answers every request alike, and writes down what it was asked. */
    static RawTarget answering(String answer) throws IOException {
        RawTarget[] self = new RawTarget[1];
        self[0] = start(wire -> {
            while (true) {
                self[0].seen.add(wire.message());
                wire.send(answer);
            }
        });
        return self[0];
    }

    /** Returns an address that takes no connection. */
    static String nobody() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + free.getLocalPort() + "/";
        }
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort() + "/";
    }

    int connections() {
        return accepted.size();
    }

    /** Returns what was asked, or written down by the script. */
    List<String> seen() {
        return seen;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = listening.accept();
                accepted.add(socket);
                daemon(() -> {
                    try {
                        script.run(new Wire(socket));
                    } catch (IOException ended) {
                        // The test is over, or wants it so.
                    }
                });
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void daemon(Runnable run) {
        Thread thread = new Thread(run, "raw-target");
        thread.setDaemon(true);
        thread.start();
    }
}
