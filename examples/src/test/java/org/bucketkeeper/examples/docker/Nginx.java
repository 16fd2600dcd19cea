package org.bucketkeeper.examples.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bucketkeeper.testing.TestCertificates;

/** A real nginx with the configuration that operators are given, changed where the file says so. */
final class Nginx implements Closeable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final int httpPort;
    private final int tlsPort;

    private Nginx(Process process, int httpPort, int tlsPort) {
        this.process = process;
        this.httpPort = httpPort;
        this.tlsPort = tlsPort;
    }

    /**
     * Starts one in front of a server.
     *
     * @param folder where it keeps what it needs
     */
    static Nginx start(Path folder, int serverPort, TestCertificates certificates) throws IOException {
        int httpPort = freePort();
        int tlsPort = freePort();
        String configuration = Files.readString(configuration());
        configuration = replaced(configuration, "dtable-server-01:5000;", "127.0.0.1:" + serverPort + ";");
        configuration = replaced(configuration, "listen 80;", "listen 127.0.0.1:" + httpPort + ";");
        configuration = replaced(configuration, "listen 443 ssl;", "listen 127.0.0.1:" + tlsPort + " ssl;");
        configuration = replaced(configuration, "dtable-server-01.example.com", "localhost");
        configuration = replaced(
                configuration,
                "/shared/ssl/dtable-server.cer",
                certificates.serverCertificate().toString());
        configuration = replaced(
                configuration,
                "/shared/ssl/dtable-server.key",
                certificates.serverKey().toString());
        Path file = Files.writeString(
                folder.resolve("nginx.conf"),
                "events {}\nhttp {\naccess_log off;" + temporaryPaths(folder) + "\n" + configuration + "}\n");
        Path log = folder.resolve("nginx.log");
        Nginx nginx = new Nginx(
                run(
                        List.of(
                                "nginx",
                                "-p",
                                folder.toString(),
                                "-c",
                                file.toString(),
                                "-e",
                                "stderr",
                                "-g",
                                // One process, which ends when it is killed.
                                "daemon off; master_process off; pid " + folder.resolve("nginx.pid") + ";"),
                        log),
                httpPort,
                tlsPort);
        nginx.awaitReady(log);
        return nginx;
    }

    int httpPort() {
        return httpPort;
    }

    int tlsPort() {
        return tlsPort;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private void awaitReady(Path log) throws IOException {
        long begin = System.nanoTime();
        while (!takesConnections()) {
            if (!process.isAlive() || System.nanoTime() - begin > PATIENCE_NANOS) {
                close();
                throw new IllegalStateException("nginx did not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tlsPort)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static Process run(List<String> command, Path log) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException("this test needs the program nginx; on Debian: apt-get install nginx-light", e);
        }
    }

    /** Maven runs the tests in the module's folder. */
    private static Path configuration() {
        return Path.of("docker", "nginx.conf").toAbsolutePath();
    }

    private static String replaced(String text, String what, String by) {
        assertThat(text).contains(what);
        return text.replace(what, by);
    }

    private static String temporaryPaths(Path folder) {
        StringBuilder paths = new StringBuilder();
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            paths.append('\n')
                    .append(kind)
                    .append("_temp_path ")
                    .append(folder.resolve(kind))
                    .append(';');
        }
        return paths.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
