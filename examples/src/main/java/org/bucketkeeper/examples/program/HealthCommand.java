package org.bucketkeeper.examples.program;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells by its exit code whether a program is well, for container images that have no other HTTP client. */
@Command(
        name = "health",
        description = "Asks a URL; its exit code says whether the answer came within 5 s and was 200.",
        exitCodeList = {"0:the answer was 200", "1:it was another, or none came", "2:wrong usage"})
public final class HealthCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Parameters(paramLabel = "URL", description = "Such as http://localhost:5000/ping/")
    private URI url = URI.create("http://localhost:5000/ping/");

    @Override
    public Integer call() throws InterruptedException {
        int status;
        try {
            status = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(url).timeout(PATIENCE).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | IllegalArgumentException e) {
            throw new ProgramException(url + " does not answer: " + e, e);
        }
        if (status != 200) {
            throw new ProgramException(url + " answers " + status);
        }
        return 0;
    }
}
