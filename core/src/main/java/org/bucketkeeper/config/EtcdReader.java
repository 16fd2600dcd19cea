package org.bucketkeeper.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how to reach etcd from the {@code cluster_config} section. */
final class EtcdReader {

    private static final String HOST = "etcd_host";
    private static final String HOST_LIST = "etcd_host_list";
    private static final String CA_FILE = "etcd_ca_file";
    private static final String CERT_FILE = "etcd_cert_file";
    private static final String KEY_FILE = "etcd_key_file";
    private static final String USER = "etcd_user";
    private static final String PASSWORD = "etcd_password";

    static final List<String> KEYS = List.of(HOST, HOST_LIST, CA_FILE, CERT_FILE, KEY_FILE, USER, PASSWORD);

    private static final String ENDPOINT_FORM = "must be \"host:port\" (port 1 to 65535, " + EtcdSettings.DEFAULT_PORT
            + " if left out; an IPv6 address in brackets; several in " + HOST_LIST + ")";

    private final Section section;
    private final TlsReader tls;

    /** Creates a reader that resolves the paths of files against {@code folder}. */
    EtcdReader(Section section, Path folder) {
        this.section = section;
        this.tls = new TlsReader(section, folder, CA_FILE, CERT_FILE, KEY_FILE);
    }

    /** Returns the settings, or null if something is wrong with them. */
    @Nullable EtcdSettings read() {
        List<Endpoint> endpoints = endpoints();
        TlsFiles files = tls.read();
        Credentials credentials = credentials();
        return endpoints.isEmpty() ? null : new EtcdSettings(endpoints, files, credentials);
    }

    private List<Endpoint> endpoints() {
        if (section.has(HOST) && section.has(HOST_LIST)) {
            section.rejectKey(HOST_LIST, "must not stand beside " + HOST + "; expected one of the two");
            return List.of();
        }
        LocatedValue list = section.value(HOST_LIST);
        if (list != null) {
            return new EndpointListReader(section, this::endpoint).read(HOST_LIST, list);
        }
        LocatedValue.Text host = section.text(HOST);
        if (host == null) {
            if (!section.isMeant(HOST) && !section.isMeant(HOST_LIST)) {
                section.missing(HOST, "\"host:port\", or a list of them in " + HOST_LIST);
            }
            return List.of();
        }
        Endpoint endpoint = endpoint(HOST, host);
        return endpoint == null ? List.of() : List.of(endpoint);
    }

    private @Nullable Endpoint endpoint(String key, LocatedValue.Text text) {
        EndpointText parsed = EndpointText.parse(text.value(), EtcdSettings.DEFAULT_PORT);
        if (parsed == null) {
            section.reject(key, text, ENDPOINT_FORM);
            return null;
        }
        if ("https".equals(parsed.scheme()) && !tls.isMeant()) {
            section.reject(key, text, "must not begin with https:// unless " + CA_FILE + " is given");
            return null;
        }
        if ("http".equals(parsed.scheme()) && tls.isMeant()) {
            section.reject(key, text, "must not begin with http:// when files for TLS are given");
            return null;
        }
        return parsed.endpoint();
    }

    private @Nullable Credentials credentials() {
        LocatedValue.Text user = section.secretText(USER);
        LocatedValue.Text password = section.secretText(PASSWORD);
        if (user != null && user.value().isEmpty()) {
            section.rejectUnshown(USER, user, "must not be empty");
        }
        if (password != null && password.value().isEmpty()) {
            section.rejectUnshown(PASSWORD, password, "must not be empty");
        }
        section.requireTogether(USER, PASSWORD, "text, because %s is given");
        return user == null || password == null ? null : new Credentials(user.value(), Secret.of(password.value()));
    }
}
