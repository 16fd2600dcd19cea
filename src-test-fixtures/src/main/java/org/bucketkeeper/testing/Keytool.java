package org.bucketkeeper.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the JDK's own {@code keytool} on one key store. */
final class Keytool {

    private final Path keyStore;
    private final String password;

    Keytool(Path keyStore, String password) {
        this.keyStore = keyStore;
        this.password = password;
    }

    /**
     * Runs one command on the entry {@code alias}.
     *
     * @throws IOException if it fails; the message carries what it said
     */
    void run(String alias, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", alias, "-keystore", keyStore.toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", password));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(List.of(arguments) + " failed: " + said);
            }
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }
}
