package org.bucketkeeper.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the JDK's own {@code keytool} on one key store; what it says on failure is in the exception's message. */
final class Keytool {

    private static final String DAYS = "10";

    private final Path keyStore;
    private final String password;

    Keytool(Path keyStore, String password) {
        this.keyStore = keyStore;
        this.password = password;
    }

    /** Makes a key and a certificate, signed with that key, for {@code name}. */
    void createKey(String alias, String name, String constraint) throws IOException {
        run(
                List.of("-genkeypair", "-alias", alias, "-dname", name, "-ext", constraint),
                List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", DAYS));
    }

    /** Writes {@code certificate}: that the key of {@code alias} is who it says, signed by {@code authority}. */
    void sign(String authority, String alias, String alternativeNames, Path request, Path certificate)
            throws IOException {
        run(List.of("-certreq", "-alias", alias), List.of("-file", request.toString()));
        run(
                List.of("-gencert", "-alias", authority, "-rfc", "-validity", DAYS, "-ext", alternativeNames),
                List.of(
                        "-ext",
                        "eku=serverAuth,clientAuth",
                        "-infile",
                        request.toString(),
                        "-outfile",
                        certificate.toString()));
    }

    private void run(List<String> what, List<String> how) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(what);
        command.addAll(how);
        command.addAll(List.of("-keystore", keyStore.toString(), "-storetype", "PKCS12", "-storepass", password));
        // A short run gains nothing from the optimizing compiler.
        command.add("-J-XX:TieredStopAtLevel=1");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool failed: " + said);
            }
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }
}
