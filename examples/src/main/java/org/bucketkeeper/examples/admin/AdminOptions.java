package org.bucketkeeper.examples.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.examples.program.Environment;
import org.bucketkeeper.examples.program.ProgramException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Tells a program whether it has an admin server, and how that is guarded. */
public final class AdminOptions {

    /** Holds the token. */
    public static final String TOKEN_VARIABLE = "BUCKETKEEPER_ADMIN_TOKEN";

    @Option(names = "--no-admin", description = "Have no admin server.")
    private boolean absent;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            description = "Where the admin server listens; by default 127.0.0.1, for this machine only.")
    private String host = AdminSettings.DEFAULT_HOST;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "The admin server's port, 0 for any that is free; by default 5555.")
    private int port = AdminSettings.DEFAULT_PORT;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = {
                "Holds the token that whoever changes something has to send.",
                "Also by the environment: " + TOKEN_VARIABLE + "."
            })
    private @Nullable Path tokenFile;

    /**
     * Returns the settings; null if there is to be no admin server.
     *
     * @throws ProgramException if the token cannot be read
     * @throws IllegalArgumentException if a setting is outside its range
     */
    public @Nullable AdminSettings settings(Environment environment) {
        return absent ? null : new AdminSettings(host, port, token(environment));
    }

    private @Nullable Secret token(Environment environment) {
        if (tokenFile == null) {
            String text = environment.text(TOKEN_VARIABLE);
            return text == null ? null : Secret.of(text);
        }
        try {
            String text = Files.readString(tokenFile).strip();
            if (text.isEmpty()) {
                throw new ProgramException("the token's file " + tokenFile + " is empty");
            }
            return Secret.of(text);
        } catch (IOException e) {
            throw new ProgramException("cannot read the token's file " + tokenFile + ": " + e, e);
        }
    }
}
