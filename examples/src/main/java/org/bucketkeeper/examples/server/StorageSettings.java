package org.bucketkeeper.examples.server;

import java.nio.file.Path;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.examples.program.ProgramException;
import org.jspecify.annotations.Nullable;

/**
 * Where bases are stored.
 *
 * @param url what JDBC connects to
 * @param user null if the URL names one, or none is needed
 * @param password null if the URL names one, or none is needed
 */
public record StorageSettings(
        String url, @Nullable String user, @Nullable Secret password) {

    private static final String MYSQL = "jdbc:mysql:";
    private static final String MARIADB = "jdbc:mariadb:";

    /**
     * Takes MySQL's URLs to MariaDB's driver, which serves both.
     *
     * @throws ProgramException if it is no URL of a database that there is a driver for
     */
    public StorageSettings {
        url = url.startsWith(MYSQL) ? MARIADB + url.substring(MYSQL.length()) : url;
        if (!url.matches("jdbc:(mariadb|postgresql|sqlite):.+")) {
            throw new ProgramException("--storage must be a URL that begins with jdbc:mariadb:, jdbc:mysql:,"
                    + " jdbc:postgresql: or jdbc:sqlite:, but begins with \""
                    + url.substring(0, Math.min(url.length(), 16)) + "\"");
        }
    }

    /** Returns the settings of a file in a folder, which the processes of one host may share. */
    public static StorageSettings file(Path folder) {
        return new StorageSettings("jdbc:sqlite:" + folder.resolve("bases.db"), null, null);
    }

    /** Returns the settings of a database on a MariaDB, as the operators' file names it. */
    static StorageSettings mariadb(String host, int port, String database, String user, Secret password) {
        return new StorageSettings(MARIADB + "//" + host + ":" + port + "/" + database, user, password);
    }

    boolean isSqlite() {
        return url.startsWith("jdbc:sqlite:");
    }

    boolean isMariadb() {
        return url.startsWith(MARIADB);
    }

    /** Returns the URL without what may hold a password. */
    @Override
    public String toString() {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
    }
}
