package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1/,              10.0.0.1, 80,   false, /x/?q=%2F",
        "http://10.0.0.1,               10.0.0.1, 80,   false, /x/?q=%2F",
        "https://one.lan/,              one.lan,  443,  true,  /x/?q=%2F",
        "HTTPS://one.lan:8443/a%20b/c/, one.lan,  8443, true,  /a%20b/c/x/?q=%2F",
        "http://[::1]:5000/a,           ::1,      5000, false, /a/x/?q=%2F"
    })
    void readsTheNodesUrl(URI url, String host, int port, boolean tls, String requestTarget) {
        Destination.Target target = new Destination.Target("dtable-server-01", url);

        assertThat(target.host()).isEqualTo(host);
        assertThat(target.port()).isEqualTo(port);
        assertThat(target.isTls()).isEqualTo(tls);
        assertThat(target.requestTarget("/x/?q=%2F")).isEqualTo(requestTarget);
    }
}
