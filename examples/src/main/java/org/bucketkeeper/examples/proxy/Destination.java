package org.bucketkeeper.examples.proxy;

import java.net.URI;

/** Where the requests of a bucket go. */
sealed interface Destination {

    /**
     * A node that is registered.
     *
     * @param nodeId its name
     * @param url where it is reached on the intranet; may have a path
     */
    record Target(String nodeId, URI url) implements Destination {

        String host() {
            String host = url.getHost();
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        boolean isTls() {
            return "https".equalsIgnoreCase(url.getScheme());
        }

        int port() {
            if (url.getPort() >= 0) {
                return url.getPort();
            }
            return isTls() ? 443 : 80;
        }

        /** Returns the target of a request there; adds to {@code originForm} and changes no byte of it. */
        String requestTarget(String originForm) {
            String path = url.getRawPath();
            return path.endsWith("/") ? path.substring(0, path.length() - 1) + originForm : path + originForm;
        }
    }

    /**
     * Nobody serves the bucket now.
     *
     * @param why for people
     */
    record Nobody(String why) implements Destination {}
}
