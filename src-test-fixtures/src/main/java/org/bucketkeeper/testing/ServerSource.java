package org.bucketkeeper.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a real server comes from. */
sealed interface ServerSource {

    /** Servers that the caller runs and named, each as {@code host:port}. */
    record Named(List<String> endpoints) implements ServerSource {}

    /** A program of this machine, to be run as a child process. */
    record Program(Path path) implements ServerSource {}

    /** An image, to be run by the Docker daemon that answers. */
    record Image(String name) implements ServerSource {}

    /**
     * A kind of server and how it is asked for.
     *
     * @param name the word for it in the settings' names, such as {@code etcd}
     * @param program the program's name on the PATH
     * @param versions the folder where Debian keeps the program off the PATH, in {@code VERSION/bin}, if it does so
     * @param debianPackage the package that has the program
     * @param defaultImage the Docker image where the caller names none
     */
    record Kind(String name, String program, @Nullable Path versions, String debianPackage, String defaultImage) {

        static final Kind ETCD = new Kind("etcd", "etcd", null, "etcd-server", "quay.io/coreos/etcd:v3.5.21");
        static final Kind REDIS = new Kind("redis", "redis-server", null, "redis-server", "redis:7");
        static final Kind POSTGRESQL =
                new Kind("postgresql", "postgres", Path.of("/usr/lib/postgresql"), "postgresql", "postgres:17");

        static final Kind MARIADB = new Kind("mariadb", "mariadbd", null, "mariadb-server", "mariadb:11");

        private static final Pattern COMMA = Pattern.compile(",");

        String endpointsSetting() {
            return "bucketkeeper.test." + name + ".endpoints";
        }

        String programSetting() {
            return "bucketkeeper.test." + name + ".program";
        }

        String imageSetting() {
            return "bucketkeeper.test." + name + ".image";
        }

        /**
         * Chooses the server for a test that does with it what any user may do: an endpoint that the caller names, a
         * program that the caller names, Docker, the program on the PATH, in this order.
         */
        ServerSource choose(ServerEnvironment environment) {
            String endpoints = environment.setting(endpointsSetting());
            return endpoints != null ? named(endpoints) : chooseOwn(environment);
        }

        /**
         * Chooses the server for a test that stops, kills or sets up its server: as {@link #choose}, but never one
         * that the caller runs.
         */
        ServerSource chooseOwn(ServerEnvironment environment) {
            String named = environment.setting(programSetting());
            if (named != null) {
                return namedProgram(named);
            }
            if (environment.dockerAnswers().getAsBoolean()) {
                String image = environment.setting(imageSetting());
                return new Image(image != null ? image : defaultImage);
            }
            return onPath(environment);
        }

        /** Chooses the program for a test that needs several servers that know each other. */
        Program chooseProgram(ServerEnvironment environment) {
            String named = environment.setting(programSetting());
            return named != null ? namedProgram(named) : onPath(environment);
        }

        private Named named(String endpoints) {
            List<String> each = COMMA.splitAsStream(endpoints)
                    .map(String::strip)
                    .filter(endpoint -> !endpoint.isEmpty())
                    .toList();
            if (each.isEmpty()) {
                throw new ServerStartException(
                        endpointsSetting() + " must name at least one host:port, and is \"" + endpoints + "\"");
            }
            for (String endpoint : each) {
                if (!endpoint.matches("[^\\s/]+:\\d{1,5}")) {
                    throw new ServerStartException(endpointsSetting() + " must be a comma-separated list of host:port,"
                            + " without a scheme; one of them is \"" + endpoint + "\"");
                }
            }
            return new Named(each);
        }

        private Program namedProgram(String path) {
            Path program = Path.of(path);
            if (!Files.isExecutable(program) || Files.isDirectory(program)) {
                throw new ServerStartException(
                        programSetting() + " must be the path of an executable file, and is \"" + path + "\"");
            }
            return new Program(program);
        }

        private Program onPath(ServerEnvironment environment) {
            Path program = environment.programOnPath(this.program);
            if (program == null && versions != null) {
                program = ServerEnvironment.newestProgram(versions, this.program);
            }
            if (program == null) {
                throw new ServerStartException(noneFound());
            }
            return new Program(program);
        }

        private String noneFound() {
            return "This test needs a real " + name + " and found none. Give it one in any of three ways: "
                    + "(1) name a running one, for the tests that do not stop their server, as -D" + endpointsSetting()
                    + "=host:port or in the environment variable "
                    + ServerEnvironment.variableOf(endpointsSetting())
                    + "; (2) run a Docker daemon that this user can reach (the image is -D" + imageSetting()
                    + ", " + defaultImage + " by default; a test of several servers needs the program instead); "
                    + "(3) install the program " + program + " (on Debian: apt-get install " + debianPackage
                    + ") so that it is on the PATH, or name it as -D" + programSetting() + "=/path/to/" + program;
        }
    }
}
