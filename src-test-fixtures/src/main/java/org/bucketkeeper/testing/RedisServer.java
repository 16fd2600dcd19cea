package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives a test one real Redis, which keeps every change through a kill, or does what a {@link RedisSetup}
 * says.
 *
 * <p>It is found as {@link EtcdServer} finds its own, with {@code redis} in the settings' names and {@code
 * redis-server} as the program: {@code bucketkeeper.test.redis.endpoints}, {@code bucketkeeper.test.redis.program},
 * {@code bucketkeeper.test.redis.image}. One that is to be set up is a process of the program that the second of them
 * names, or of the one on the PATH; neither a running server that the caller names nor Docker will do.
 */
public final class RedisServer extends RealServer {

    private final RedisAdmin admin;

    private RedisServer(ServerRecipe.Launched launched, RedisSetup setup) {
        super(launched);
        this.admin = setup.admin(endpoint());
    }

    /**
     * Starts a Redis, or takes the one that the caller named.
     *
     * @throws ServerStartException if there is none to be had, or it did not start
     */
    public static RedisServer launch() {
        return launch(ServerEnvironment.ofThisJvm());
    }

    static RedisServer launch(ServerEnvironment environment) {
        return launch(ServerSource.Kind.REDIS.choose(environment), RedisMode.SERVER, RedisSetup.standard());
    }

    /**
     * Starts a Redis for a test that is going to stop it: never one that the caller runs.
     *
     * @throws ServerStartException if there is none to be had, or it did not start
     */
    public static RedisServer launchControllable() {
        ServerSource source = ServerSource.Kind.REDIS.chooseOwn(ServerEnvironment.ofThisJvm());
        return launch(source, RedisMode.SERVER, RedisSetup.standard());
    }

    /**
     * Starts a Redis that is set up as {@code setup} says, as a process.
     *
     * @throws ServerStartException if there is no program, or it did not start: its version may not know a setting
     */
    public static RedisServer launch(RedisSetup setup) {
        return launch(RedisMode.SERVER, setup);
    }

    static RedisServer launch(RedisMode mode, RedisSetup setup) {
        return launch(ServerSource.Kind.REDIS.chooseProgram(ServerEnvironment.ofThisJvm()), mode, setup);
    }

    private static RedisServer launch(ServerSource source, RedisMode mode, RedisSetup setup) {
        return new RedisServer(new Recipe(mode, setup).launch(source), setup);
    }

    /** Whether the server answers a PING within two seconds, with its data loaded. Never throws. */
    public boolean isHealthy() {
        return admin.answersPing();
    }

    /**
     * Sends one command, a way to the server that does not lead through the adapter under test. Blocks for 10 seconds
     * at most for each answer.
     *
     * <p>Each call is a connection of its own, encrypted and logged in as the user {@code default} where the server
     * demands it: SELECT, MULTI, WATCH and SUBSCRIBE have no effect on later calls.
     *
     * @param words the command and its arguments, such as {@code "CONFIG", "SET", "maxmemory", "1mb"}
     * @return what redis-cli would print to a pipe: empty for nil, one line for each element of an array
     * @throws IllegalStateException if the server refuses (the message ends with what it says), or does not answer
     */
    public String command(String... words) {
        return admin.command(words);
    }

    /** The version that the server says it has, such as {@code 7.0.15}. */
    public String version() {
        return RedisAdmin.field(command("INFO", "server"), "redis_version");
    }

    /** Where clients connect to it, as {@code host:port}. */
    String endpoint() {
        return endpoints().get(0);
    }

    /** The host of {@link #endpoint()} and its port, as Redis takes them in commands and settings. */
    List<String> address() {
        int colon = endpoint().lastIndexOf(':');
        return List.of(endpoint().substring(0, colon), endpoint().substring(colon + 1));
    }

    private record Recipe(RedisMode mode, RedisSetup setup) implements ServerRecipe {

        private static final int INNER_PORT = 6379;

        @Override
        public int ports() {
            return 1;
        }

        @Override
        public List<Integer> freePorts() {
            return mode.freePorts();
        }

        @Override
        public ServerProcess process(Path program, List<Integer> ports) {
            TemporaryFolder folder = new TemporaryFolder("redis");
            int port = ports.get(0);
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.add(configuration(folder.path(), port).toString());
            command.addAll(mode.arguments());
            return new ServerProcess("redis", command, folder, setup.admin(EtcdMember.HOST + ":" + port)::answersPing);
        }

        /** In a file, and not on the command line, because Redis writes the roles that it takes later into it. */
        private Path configuration(Path folder, int port) {
            List<String> lines = setup.at(EtcdMember.HOST, port, folder).directives().stream()
                    .map(RedisDirective::line)
                    .toList();
            try {
                return Files.write(folder.resolve("redis.conf"), lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public ServerContainer container(String image, String host, int port) {
            List<String> command = new ArrayList<>(List.of("redis-server", "--protected-mode", "no"));
            setup.directives().forEach(directive -> command.addAll(directive.arguments()));
            return new ServerContainer(
                    image, command, INNER_PORT, port, Map.of(), setup.admin(host + ":" + port)::answersPing);
        }
    }
}
