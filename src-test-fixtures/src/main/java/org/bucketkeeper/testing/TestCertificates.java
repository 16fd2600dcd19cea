package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
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
    /** No secret: the key stores live and die with the test. */
    private static final String PASSWORD = "password-of-a-test";

    private final TemporaryFolder folder;
    private final SSLContext sslContext;

    private TestCertificates(TemporaryFolder folder) throws IOException, GeneralSecurityException {
        this.folder = folder;
        Keytool keytool = new Keytool(file("keys.p12"), PASSWORD);
        keytool.createKey(AUTHORITY, "CN=BucketKeeper test authority", "bc:critical=ca:true");
        // etcd's JSON gateway is a client of its own server, and shows the server's certificate.
        keytool.createKey(SERVER, "CN=BucketKeeper test server", "bc=ca:false");
        keytool.sign(AUTHORITY, SERVER, "san=ip:127.0.0.1,dns:localhost", request(SERVER), serverCertificate());
        // Without a common name: etcd's JSON gateway refuses clients that have one.
        keytool.createKey(CLIENT, "O=BucketKeeper test client", "bc=ca:false");
        keytool.sign(AUTHORITY, CLIENT, "san=dns:client", request(CLIENT), clientCertificate());

        KeyStore keys = load(file("keys.p12"));
        writePem(authority(), "CERTIFICATE", keys.getCertificate(AUTHORITY).getEncoded());
        writePem(
                serverKey(),
                "PRIVATE KEY",
                keys.getKey(SERVER, PASSWORD.toCharArray()).getEncoded());
        writePem(
                clientKey(),
                "PRIVATE KEY",
                keys.getKey(CLIENT, PASSWORD.toCharArray()).getEncoded());
        sslContext = contextOfClient(keys);
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

    private SSLContext contextOfClient(KeyStore keys) throws IOException, GeneralSecurityException {
        KeyStore own = empty();
        try (InputStream in = Files.newInputStream(clientCertificate())) {
            own.setKeyEntry(
                    CLIENT,
                    keys.getKey(CLIENT, PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(in)
                            .toArray(Certificate[]::new));
        }
        KeyStore trusted = empty();
        trusted.setCertificateEntry(AUTHORITY, keys.getCertificate(AUTHORITY));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(own, PASSWORD.toCharArray());
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void writePem(Path file, String kind, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        String pem = "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
        Files.writeString(file, pem, StandardCharsets.US_ASCII);
    }

    private Path request(String alias) {
        return file(alias + ".csr");
    }

    private Path file(String name) {
        return folder.path().resolve(name);
    }
}
