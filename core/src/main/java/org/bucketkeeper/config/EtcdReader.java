package org.bucketkeeper.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
    private final Path folder;

    /** Creates a reader that resolves the paths of files against {@code folder}. */
    EtcdReader(Section section, Path folder) {
        this.section = section;
        this.folder = folder;
    }

    /** Returns the settings, or null if something is wrong with them. */
    @Nullable EtcdSettings read() {
        List<Endpoint> endpoints = endpoints();
        TlsFiles tls = tls();
        Credentials credentials = credentials();
        return endpoints.isEmpty() ? null : new EtcdSettings(endpoints, tls, credentials);
    }

    private List<Endpoint> endpoints() {
        if (section.has(HOST) && section.has(HOST_LIST)) {
            section.rejectKey(HOST_LIST, "must not stand beside " + HOST + "; expected one of the two");
            return List.of();
        }
        LocatedValue list = section.value(HOST_LIST);
        if (list != null) {
            return listed(list);
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

    private List<Endpoint> listed(LocatedValue list) {
        if (!(list instanceof LocatedValue.Array array) || array.elements().isEmpty()) {
            section.reject(HOST_LIST, list, "must be a list of one or more \"host:port\"");
            return List.of();
        }
        List<Endpoint> endpoints = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < array.elements().size(); i++) {
            String key = HOST_LIST + "[" + i + "]";
            LocatedValue.Text text = section.asText(key, array.elements().get(i));
            Endpoint endpoint = text == null ? null : endpoint(key, text);
            if (text == null || endpoint == null) {
                continue;
            }
            if (seen.add(endpoint.toString().toLowerCase(Locale.ROOT))) {
                endpoints.add(endpoint);
            } else {
                section.reject(key, text, "must not stand in the list twice");
            }
        }
        return endpoints;
    }

    private @Nullable Endpoint endpoint(String key, LocatedValue.Text text) {
        EndpointText parsed = EndpointText.parse(text.value(), EtcdSettings.DEFAULT_PORT);
        if (parsed == null) {
            section.reject(key, text, ENDPOINT_FORM);
            return null;
        }
        if ("https".equals(parsed.scheme()) && !wantsTls()) {
            section.reject(key, text, "must not begin with https:// unless " + CA_FILE + " is given");
            return null;
        }
        if ("http".equals(parsed.scheme()) && wantsTls()) {
            section.reject(key, text, "must not begin with http:// when files for TLS are given");
            return null;
        }
        return parsed.endpoint();
    }

    private boolean wantsTls() {
        return section.isMeant(CA_FILE) || section.isMeant(CERT_FILE) || section.isMeant(KEY_FILE);
    }

    private @Nullable TlsFiles tls() {
        Path authority = readableFile(CA_FILE);
        Path certificate = readableFile(CERT_FILE);
        Path key = readableFile(KEY_FILE);
        requireTogether(CERT_FILE, KEY_FILE, "a file, because %s is given");
        if (certificate == null || key == null) {
            return authority == null ? null : new TlsFiles(authority, null, null);
        }
        return new TlsFiles(authority, certificate, key);
    }

    private @Nullable Path readableFile(String key) {
        LocatedValue.Text text = section.text(key);
        if (text == null) {
            return null;
        }
        Path path = path(text.value());
        if (path != null && Files.isRegularFile(path) && Files.isReadable(path)) {
            return path;
        }
        String place = path == null ? "" : " (relative to " + folder + ")";
        section.reject(key, text, "must name a readable file" + place);
        return null;
    }

    /** Leaves the path as it is, because dropping a ".." after a symbolic link would name another file. */
    private @Nullable Path path(String text) {
        try {
            return folder.resolve(text);
        } catch (InvalidPathException e) {
            return null;
        }
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
        requireTogether(USER, PASSWORD, "text, because %s is given");
        return user == null || password == null ? null : new Credentials(user.value(), Secret.of(password.value()));
    }

    private void requireTogether(String one, String other, String expected) {
        if (section.has(one) && !section.has(other)) {
            section.missing(other, expected.formatted(one));
        }
        if (section.has(other) && !section.has(one)) {
            section.missing(one, expected.formatted(other));
        }
    }
}
