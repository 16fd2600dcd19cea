package org.bucketkeeper.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Gives a test one real Redis, which writes every change to disk before it answers.
 *
 * <p>It is found as {@link EtcdServer} finds its own, with {@code redis} in the settings' names and {@code
 * redis-server} as the program: {@code bucketkeeper.test.redis.endpoints}, {@code bucketkeeper.test.redis.program},
 * {@code bucketkeeper.test.redis.image}.
 */
public final class RedisServer extends RealServer {

    private RedisServer(ServerRecipe.Launched launched) {
        super(launched);
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
        return new RedisServer(new Recipe().launch(ServerSource.Kind.REDIS.choose(environment)));
    }

    /**
     * Starts a Redis for a test that is going to stop it: never one that the caller runs.
     *
     * @throws ServerStartException if there is none to be had, or it did not start
     */
    public static RedisServer launchControllable() {
        return new RedisServer(new Recipe().launch(ServerSource.Kind.REDIS.chooseOwn(ServerEnvironment.ofThisJvm())));
    }

    /** Whether the server answers a PING within two seconds. Never throws. */
    public boolean isHealthy() {
        return answersPing(endpoints().get(0));
    }

    private static boolean answersPing(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        InetSocketAddress address =
                new InetSocketAddress(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
        byte[] expected = "+PONG\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.connect(address, Recipe.PING_BOUND_MILLIS);
            socket.setSoTimeout(Recipe.PING_BOUND_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return Arrays.equals(socket.getInputStream().readNBytes(expected.length), expected);
        } catch (IOException noAnswer) {
            return false;
        }
    }

    private record Recipe() implements ServerRecipe {

        private static final int INNER_PORT = 6379;
        private static final int PING_BOUND_MILLIS = 2_000;

        @Override
        public int ports() {
            return 1;
        }

        @Override
        public ServerProcess process(Path program, List<Integer> ports) {
            TemporaryFolder folder = new TemporaryFolder("redis");
            int port = ports.get(0);
            List<String> command = new ArrayList<>(List.of(program.toString(), "--port", Integer.toString(port)));
            command.addAll(
                    List.of("--bind", EtcdMember.HOST, "--dir", folder.path().toString()));
            command.addAll(persistence());
            return new ServerProcess("redis", command, folder, () -> answersPing(EtcdMember.HOST + ":" + port));
        }

        @Override
        public ServerContainer container(String image, String host, int port) {
            List<String> command = new ArrayList<>(List.of("redis-server", "--protected-mode", "no"));
            command.addAll(persistence());
            return new ServerContainer(
                    image, command, INNER_PORT, port, Map.of(), () -> answersPing(host + ":" + port));
        }

        private static List<String> persistence() {
            return List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always");
        }
    }
}
