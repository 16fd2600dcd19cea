package org.bucketkeeper.testing;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;

interface TestCertificates {
    Path authority();

    Path serverCertificate();

    Path serverKey();

    SSLContext sslContext();
}
