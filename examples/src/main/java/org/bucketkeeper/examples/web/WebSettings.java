package org.bucketkeeper.examples.web;

import java.net.URI;
import org.bucketkeeper.examples.program.Environment;
import org.bucketkeeper.examples.program.ProgramException;
import org.jspecify.annotations.Nullable;

/**
 * How dtable-web runs.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any that is free
 * @param proxyUrl where internal calls go; null if there is no proxy
 * @param serverUrl the one server of an installation without a cluster; null in a cluster
 */
record WebSettings(
        String host,
        int port,
        @Nullable URI proxyUrl,
        @Nullable URI serverUrl) {

    static final String DEFAULT_HOST = "0.0.0.0";
    static final int DEFAULT_PORT = 8000;

    /** Names where internal calls go. */
    static final String PROXY_URL = "DTABLE_PROXY_SERVER_URL";

    /** Names the one server of an installation without a cluster. */
    static final String SERVER_URL = "DTABLE_SERVER_URL";

    /**
     * Checks the settings.
     *
     * @throws ProgramException if one is outside its range
     */
    WebSettings {
        if (port < 0 || port > 65_535) {
            throw new ProgramException("--port must be 0 to 65535, but is " + port);
        }
        requireHttpUrl(PROXY_URL, proxyUrl);
        requireHttpUrl(SERVER_URL, serverUrl);
    }

    /**
     * Returns the settings in a cluster.
     *
     * @throws ProgramException if a variable is wrong
     */
    static WebSettings inCluster(String host, int port, Environment environment) {
        return new WebSettings(host, port, url(environment, PROXY_URL), null);
    }

    /**
     * Returns the settings without a cluster: all bases are on one server.
     *
     * @throws ProgramException if a variable is missing or wrong
     */
    static WebSettings alone(String host, int port, Environment environment) {
        URI server = url(environment, SERVER_URL);
        if (server == null) {
            throw new ProgramException("without a cluster " + SERVER_URL
                    + " must name the server; or name a cluster by --config FILE or --etcd HOST:PORT");
        }
        URI proxy = url(environment, PROXY_URL);
        return new WebSettings(host, port, proxy == null ? server : proxy, server);
    }

    private static @Nullable URI url(Environment environment, String name) {
        String text = environment.text(name);
        try {
            return text == null ? null : URI.create(text.endsWith("/") ? text : text + "/");
        } catch (IllegalArgumentException e) {
            throw new ProgramException(name + " must be an http or https URL, but is \"" + text + "\"", e);
        }
    }

    private static void requireHttpUrl(String name, @Nullable URI url) {
        if (url == null) {
            return;
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new ProgramException(name + " must be an http or https URL with a host, but is \"" + url + "\"");
        }
    }
}
