package org.bucketkeeper.examples.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.examples.program.ProgramException;
import org.jspecify.annotations.Nullable;

/** Finds the MariaDB that the operators' {@code dtable_server_config.json} names beside its {@code cluster_config}. */
final class StorageFile {

    private static final int DEFAULT_PORT = 3306;

    /** As lenient as the library is with the same file, and as careful to quote nothing from it. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(
                    JsonReadFeature.ALLOW_JAVA_COMMENTS,
                    JsonReadFeature.ALLOW_YAML_COMMENTS,
                    JsonReadFeature.ALLOW_TRAILING_COMMA)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private StorageFile() {}

    /**
     * Returns the database in a file; null if it names none.
     *
     * @param user goes before the file's
     * @param password goes before the file's
     * @throws ProgramException if the file cannot be read, or names half a database
     */
    static @Nullable StorageSettings read(Path file, @Nullable String user, @Nullable Secret password) {
        JsonNode json = json(file);
        if (!json.has("host")) {
            return null;
        }
        JsonNode port = json.path("port");
        if (!port.isMissingNode() && !(port.isInt() && port.intValue() > 0 && port.intValue() <= 65_535)) {
            throw new ProgramException(file + ": port must be a number from 1 to 65535");
        }
        return StorageSettings.mariadb(
                text(file, json, "host"),
                port.asInt(DEFAULT_PORT),
                text(file, json, "database"),
                user != null ? user : text(file, json, "user"),
                password != null ? password : Secret.of(text(file, json, "password")));
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            // Not chained as the cause: its message may quote the text next to the error, which may be a password.
            throw new ProgramException(file + ", line " + e.getLocation().getLineNr() + ": this is not JSON");
        } catch (IOException e) {
            throw new ProgramException("cannot read " + file + ": " + e, e);
        }
    }

    private static String text(Path file, JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new ProgramException(file + ": " + field + " must be text, because host names a MariaDB");
        }
        return value.textValue();
    }
}
