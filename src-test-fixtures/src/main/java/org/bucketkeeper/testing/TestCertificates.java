package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Gives a test a certificate authority, a server's certificate for {@code 127.0.0.1} and {@code localhost}, and a
 * client's certificate, with nothing to install: the JDK's own {@code keytool} makes them.
 *
 * <p>The files are PEM, keys in PKCS#8, in a folder that only the owner can enter. They are for tests alone: they end
 * after ten days. Safe for use by several threads; {@link #close()} deletes the files.
 */
public final class TestCertificates implements AutoCloseable {

    private static final String AUTHORITY = "authority";
    private static final String SERVER = "server";
    private static final String CLIENT = "client";
    private static final String TRUST_STORE = "trust";
    private static final String DAYS = "10";
    /** No secret: the key stores live and die with the test. */
    private static final String PASSWORD = "password-of-a-test";

    private final TemporaryFolder folder;
    private final SSLContext sslContext;

    private TestCertificates(TemporaryFolder folder) throws IOException, GeneralSecurityException {
        this.folder = folder;
        selfSigned(AUTHORITY, "CN=BucketKeeper test authority", "bc:critical=ca:true");
        in(AUTHORITY).run(AUTHORITY, "-exportcert", "-rfc", "-file", authority().toString());
        // etcd's JSON gateway is a client of its own server, and shows the server's certificate.
        signed(SERVER, "CN=BucketKeeper test server", "san=ip:127.0.0.1,dns:localhost");
        // Without a common name: etcd's JSON gateway refuses clients that have one.
        signed(CLIENT, "O=BucketKeeper test client", "san=dns:client");
        in(TRUST_STORE)
                .run(AUTHORITY, "-importcert", "-noprompt", "-file", authority().toString());
        sslContext = loadContext();
    }

    /**
     * Makes new keys and certificates; takes some seconds, in which {@code keytool} runs a number of times.
     *
     * @throws IllegalStateException if that fails; the message carries what {@code keytool} said
     */
    public static TestCertificates create() {
        TemporaryFolder folder = new TemporaryFolder("certificates");
        try {
            return new TestCertificates(folder);
        } catch (IOException | GeneralSecurityException e) {
            folder.close();
            throw new IllegalStateException("Could not make the test certificates: " + e.getMessage(), e);
        }
    }

    /** The certificate of the authority that signed the two others. */
    public Path authority() {
        return file(AUTHORITY + ".crt");
    }

    /** The certificate of a server on this machine. */
    public Path serverCertificate() {
        return file(SERVER + ".crt");
    }

    /** The key to {@link #serverCertificate()}. */
    public Path serverKey() {
        return file(SERVER + ".key");
    }

    /** The certificate that a client shows. */
    public Path clientCertificate() {
        return file(CLIENT + ".crt");
    }

    /** The key to {@link #clientCertificate()}. */
    public Path clientKey() {
        return file(CLIENT + ".key");
    }

    /** What a Java client needs to trust the server and to show the client's certificate. */
    public SSLContext sslContext() {
        return sslContext;
    }

    /** Deletes the files. */
    @Override
    public void close() {
        folder.close();
    }

    @Override
    public String toString() {
        return "TestCertificates[" + folder.path() + "]";
    }

    private void selfSigned(String alias, String name, String constraint) throws IOException {
        in(alias)
                .run(
                        alias,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        DAYS,
                        "-dname",
                        name,
                        "-ext",
                        constraint);
    }

    private void signed(String alias, String name, String alternativeNames)
            throws IOException, GeneralSecurityException {
        selfSigned(alias, name, "bc=ca:false");
        String request = file(alias + ".csr").toString();
        String certificate = file(alias + ".crt").toString();
        in(alias).run(alias, "-certreq", "-file", request);
        in(AUTHORITY)
                .run(
                        AUTHORITY,
                        "-gencert",
                        "-rfc",
                        "-validity",
                        DAYS,
                        "-ext",
                        alternativeNames,
                        "-ext",
                        "eku=serverAuth,clientAuth",
                        "-infile",
                        request,
                        "-outfile",
                        certificate);
        in(alias)
                .run(AUTHORITY, "-importcert", "-noprompt", "-file", authority().toString());
        in(alias).run(alias, "-importcert", "-noprompt", "-file", certificate);
        exportKey(alias);
    }

    private void exportKey(String alias) throws IOException, GeneralSecurityException {
        byte[] key = load(alias).getKey(alias, PASSWORD.toCharArray()).getEncoded();
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        Files.writeString(
                file(alias + ".key"),
                "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n",
                StandardCharsets.US_ASCII);
    }

    private SSLContext loadContext() throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(CLIENT), PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(load(TRUST_STORE));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private KeyStore load(String store) throws IOException, GeneralSecurityException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file(store + ".p12"))) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return loaded;
    }

    private Keytool in(String store) {
        return new Keytool(file(store + ".p12"), PASSWORD);
    }

    private Path file(String name) {
        return folder.path().resolve(name);
    }
}
