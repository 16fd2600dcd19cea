package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One client's connection through a relay: for each direction a thread that reads and one that delivers. */
final class RelayConnection {

    private static final int CONNECT_BOUND_MILLIS = 5_000;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int PIECES_UNDER_WAY = 1_024;
    private static final int BOTH_DIRECTIONS = 2;

    private final Socket client;
    private final Socket server = new Socket();
    private final InetSocketAddress target;
    private final RelayLane toServer;
    private final RelayLane toClient;
    private final Runnable cut;
    private final Consumer<RelayConnection> whenGone;
    private final AtomicInteger ended = new AtomicInteger();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private volatile boolean gone;

    RelayConnection(
            Socket client,
            InetSocketAddress target,
            RelayLane toServer,
            RelayLane toClient,
            Runnable cut,
            Consumer<RelayConnection> whenGone) {
        this.client = client;
        this.target = target;
        this.toServer = toServer;
        this.toClient = toClient;
        this.cut = cut;
        this.whenGone = whenGone;
    }

    void start() {
        RelayThreads.start("connect-" + client.getPort(), this::connect);
    }

    /** Ends the connection with a reset on both sides, so that nothing that is under way arrives. */
    void reset() {
        gone = true;
        reset(client);
        reset(server);
        threads.forEach(Thread::interrupt);
        whenGone.accept(this);
    }

    private static void reset(Socket socket) {
        try {
            // A close with no time to linger is sent as a reset.
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            // Then there is nothing left to reset.
        }
        TcpRelay.closeQuietly(socket);
    }

    private void connect() {
        try {
            server.connect(target, CONNECT_BOUND_MILLIS);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException unreachable) {
            reset();
            return;
        }
        pump("requests", client, server, toServer);
        pump("answers", server, client, toClient);
        if (gone) {
            // The reset came before all threads were there to be interrupted.
            threads.forEach(Thread::interrupt);
        }
    }

    private void pump(String what, Socket from, Socket to, RelayLane lane) {
        BlockingQueue<RelayPiece> underWay = new LinkedBlockingQueue<>(PIECES_UNDER_WAY);
        threads.add(RelayThreads.start(what + "-in-" + client.getPort(), () -> orReset(() -> read(from, underWay))));
        threads.add(RelayThreads.start(
                what + "-out-" + client.getPort(), () -> orReset(() -> deliver(underWay, to, lane))));
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void orReset(Step step) {
        try {
            step.run();
        } catch (IOException | InterruptedException broken) {
            reset();
        }
    }

    private void read(Socket from, BlockingQueue<RelayPiece> underWay) throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[PIECE_BYTES];
        int count;
        do {
            count = in.read(buffer);
            underWay.put(new RelayPiece(Arrays.copyOf(buffer, Math.max(count, 0)), System.nanoTime()));
        } while (count > 0);
    }

    private void deliver(BlockingQueue<RelayPiece> underWay, Socket to, RelayLane lane)
            throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        while (true) {
            RelayPiece piece = underWay.take();
            lane.awaitTurn(piece.arrivalNanos());
            byte[] bytes = piece.bytes();
            if (piece.isEnd()) {
                to.shutdownOutput();
                endOneDirection();
                return;
            }
            int admitted = lane.admit(bytes);
            out.write(bytes, 0, admitted);
            if (admitted < bytes.length) {
                cut.run();
                return;
            }
        }
    }

    private void endOneDirection() {
        if (ended.incrementAndGet() == BOTH_DIRECTIONS) {
            gone = true;
            TcpRelay.closeQuietly(client);
            TcpRelay.closeQuietly(server);
            whenGone.accept(this);
        }
    }
}
