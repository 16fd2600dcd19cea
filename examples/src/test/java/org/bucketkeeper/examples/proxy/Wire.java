package org.bucketkeeper.examples.proxy;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One end of a connection, byte by byte: shows what is on the wire, and sends what no HTTP library would. */
final class Wire implements Closeable {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int BUFFER = 256 * 1024;
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

    private final Socket socket;
    private final InputStream in;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        socket.setSoTimeout(PATIENCE_MILLIS);
        // Not as large as this machine's system may let them grow: tests see by them who stops reading.
        socket.setSendBufferSize(BUFFER);
        socket.setReceiveBufferSize(BUFFER);
    }

    static Wire connect(int port) throws IOException {
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    Socket socket() {
        return socket;
    }

    /** Sends text; each line end becomes the one that HTTP wants. */
    Wire send(String text) throws IOException {
        return sendBytes(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Returns the next head, with plain line ends, without the empty line. */
    String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("ended after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "\n").strip();
    }

    /** Returns so many bytes as text, with plain line ends. */
    String text(int length) throws IOException {
        return new String(bytes(length), StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    }

    byte[] bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("ended after: " + new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return bytes;
    }

    /** Returns a message of which the head tells the length. */
    String message() throws IOException {
        String head = head();
        Matcher length = LENGTH.matcher(head);
        return head + "\n\n" + text(length.find() ? Integer.parseInt(length.group(1)) : 0);
    }

    /** Returns everything up to the orderly end of the connection. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    }

    /** Waits for the other side to end the connection, in whatever way. */
    void awaitEnd() throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException reset) {
            // Ended as well.
        }
    }

    /** Ends the connection in the way that throws away what is on its way. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
