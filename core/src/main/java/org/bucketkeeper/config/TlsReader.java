package org.bucketkeeper.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the names of the files for TLS. */
final class TlsReader {

    private final Section section;
    private final Path folder;
    private final String authorityKey;
    private final String certificateKey;
    private final String privateKeyKey;

    /** Creates a reader of these keys, which resolves paths against {@code folder}. */
    TlsReader(Section section, Path folder, String authorityKey, String certificateKey, String privateKeyKey) {
        this.section = section;
        this.folder = folder;
        this.authorityKey = authorityKey;
        this.certificateKey = certificateKey;
        this.privateKeyKey = privateKeyKey;
    }

    /** Returns whether any of the keys stands here, or a misspelt one for it. */
    boolean isMeant() {
        return section.isMeant(authorityKey) || section.isMeant(certificateKey) || section.isMeant(privateKeyKey);
    }

    /** Returns the files, or null if there are none or something is wrong with them. */
    @Nullable TlsFiles read() {
        Path authority = readableFile(authorityKey);
        Path certificate = readableFile(certificateKey);
        Path key = readableFile(privateKeyKey);
        section.requireTogether(certificateKey, privateKeyKey, "a file, because %s is given");
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
}
