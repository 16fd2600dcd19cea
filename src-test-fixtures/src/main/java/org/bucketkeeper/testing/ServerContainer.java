package org.bucketkeeper.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.containers.wait.strategy.WaitStrategyTarget;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * A server run by a Docker daemon through Testcontainers.
 *
 * <p>Its port on the host is chosen before it starts, because one that Docker chooses changes with every restart.
 */
final class ServerContainer implements ServerControl {

    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final int STOP_BOUND_SECONDS = 30;
    private static final int OWNER_READS = 0600;

    private final GenericContainer<?> container;
    private final BooleanSupplier answers;

    /**
     * Describes the container without starting it.
     *
     * @param image the image's name with its tag
     * @param command the program and its arguments
     * @param innerPort the port that the server listens on inside
     * @param hostPort the port that clients reach it at
     * @param files files of this machine, by the path that they have inside
     * @param answers asked from outside, again and again after a start, until it says that the server is ready
     */
    @SuppressWarnings("resource") // Closed by close(); the fluent methods return the same object.
    ServerContainer(
            String image,
            List<String> command,
            int innerPort,
            int hostPort,
            Map<String, Path> files,
            BooleanSupplier answers) {
        this.answers = answers;
        container = new GenericContainer<>(DockerImageName.parse(image))
                .withCommand(command.toArray(String[]::new))
                .withExposedPorts(innerPort)
                .waitingFor(new AnswersFromOutside(answers));
        container.setPortBindings(List.of(hostPort + ":" + innerPort));
        files.forEach((inside, file) ->
                container.withCopyFileToContainer(MountableFile.forHostPath(file, OWNER_READS), inside));
    }

    /** The host that containers' ports are reached at. */
    static String dockerHost() {
        return DockerClientFactory.instance().dockerHostIpAddress();
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            firstStart();
            return;
        }
        if (isRunning()) {
            throw new IllegalStateException("The container " + container.getDockerImageName() + " is already running");
        }
        docker().startContainerCmd(container.getContainerId()).exec();
        if (!Waiting.until(START_BOUND, answers)) {
            throw new ServerStartException("The container " + container.getDockerImageName() + " gave no answer within "
                    + START_BOUND.toSeconds() + " s after its restart; its log:\n" + container.getLogs());
        }
    }

    private void firstStart() {
        try {
            container.start();
        } catch (ContainerLaunchException | DockerException e) {
            String message = "The container " + container.getDockerImageName() + " did not start";
            if (everyMessageOf(e).contains("already allocated")
                    || everyMessageOf(e).contains("already in use")) {
                throw ServerStartException.portTaken(message, e);
            }
            throw new ServerStartException(message, e);
        }
    }

    private static String everyMessageOf(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            messages.append(each.getMessage()).append('\n');
        }
        return messages.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public void stop() {
        requireRunning("stopped");
        docker().stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_BOUND_SECONDS)
                .exec();
    }

    @Override
    public void kill() {
        requireRunning("killed");
        docker().killContainerCmd(container.getContainerId()).exec();
        // The daemon answers before it has noted the end.
        Waiting.until(Duration.ofSeconds(STOP_BOUND_SECONDS), () -> !isRunning());
    }

    @Override
    public void pause() {
        requireRunning("paused");
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void resume() {
        requireRunning("resumed");
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        if (container.getContainerId() != null && Boolean.TRUE.equals(state().getPaused())) {
            resume();
        }
        container.stop();
    }

    private void requireRunning(String wish) {
        if (!isRunning()) {
            throw new IllegalStateException(
                    "The container " + container.getDockerImageName() + " cannot be " + wish + ": it is not running");
        }
    }

    private boolean isRunning() {
        return container.getContainerId() != null && Boolean.TRUE.equals(state().getRunning());
    }

    private InspectContainerResponse.ContainerState state() {
        return docker().inspectContainerCmd(container.getContainerId()).exec().getState();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    /** Testcontainers' own ways to wait for a port run a shell inside, which an image need not have. */
    private record AnswersFromOutside(BooleanSupplier answers) implements WaitStrategy {

        @Override
        public void waitUntilReady(WaitStrategyTarget target) {
            if (!Waiting.until(START_BOUND, answers)) {
                throw new ContainerLaunchException("No answer within " + START_BOUND.toSeconds() + " s");
            }
        }

        @Override
        public WaitStrategy withStartupTimeout(Duration timeout) {
            throw new UnsupportedOperationException("The bound is fixed at " + START_BOUND);
        }
    }
}
