package org.bucketkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A damaged file is read or refused with a line; nothing else happens, and no password is shown. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConfigFuzzTest {

    private static final String ETCD_SECRET = "Kq7XwZ93vBnT";
    private static final String REDIS_SECRET = "Jd5LpYm28HgR";

    private static final byte[] VALID = """
            {
              "host": "mysql", "port": 3306, "password": "%2$s", // another program's
              "redis_host": "192.168.1.2", "redis_password": "%2$s",
              "limits": {"rows": [1, 2.5, -3e7], "strict": true, "other": null}, # note
              "cluster_config": {
                "etcd_host_list": ["192.168.1.3:2379", "[::1]:2379", "etcd-03"],
                "etcd_user": "root", "etcd_password": "%1$s",
                "node_id": "dtable-server-01", /* note */
                "node_url": "https://dtable-server-01.domain.com/", "local_node_url": "http://172.17.30.94/",
                "capacity": 100, "session_ttl_seconds": 90, "auto_rebalance": false,
                "prefix": "/bucketkeeper/\\u0064efault/"
              }
            }
            """.formatted(ETCD_SECRET, REDIS_SECRET).getBytes(StandardCharsets.UTF_8);

    /** What a damaged byte becomes; the marks of JSON and comments matter more often than chance would have it. */
    private static final byte[] MARKS = "{}[]\",:/*#\\ \n0x".getBytes(StandardCharsets.UTF_8);

    private static final Path FILE = Path.of("dtable_server_config.json");

    /** A change can break a line in two. */
    private static final int LINES = 14 + 3;

    @Test
    void theFileThatIsDamagedHereIsValid() {
        assertThat(read(VALID).requireNode().nodeId()).isEqualTo("dtable-server-01");
    }

    @Test
    void everyTruncationIsRefusedWithALine() {
        for (int length = 0; length < lengthWithoutLastBrace(); length++) {
            byte[] damaged = Arrays.copyOf(VALID, length);

            assertThat(isRefused(damaged, "length " + length))
                    .as("length %d", length)
                    .isTrue();
        }
    }

    @Test
    void changedBytesNeverDoMoreThanSpoilTheFile() {
        int refused = 0;
        for (long seed = 0; seed < 10_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] damaged = VALID.clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                damaged[random.nextInt(damaged.length)] =
                        random.nextBoolean() ? MARKS[random.nextInt(MARKS.length)] : (byte) random.nextInt(256);
            }
            refused += isRefused(damaged, "seed " + seed) ? 1 : 0;
        }
        assertThat(refused).isBetween(1, 9_999);
    }

    @Test
    void missingBytesNeverDoMoreThanSpoilTheFile() {
        int refused = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int from = random.nextInt(VALID.length);
            int to = Math.min(VALID.length, from + random.nextInt(1, 40));
            byte[] damaged = Arrays.copyOf(VALID, VALID.length - (to - from));
            System.arraycopy(VALID, to, damaged, from, VALID.length - to);
            refused += isRefused(damaged, "seed " + seed) ? 1 : 0;
        }
        assertThat(refused).isBetween(1, 2_999);
    }

    /** Reads from memory, because writing thousands of files takes minutes on a busy machine. */
    private static ClusterConfig read(byte[] content) {
        return ClusterConfigReader.interpret(FILE, ConfigText.decode(FILE, content));
    }

    private static boolean isRefused(byte[] damaged, String which) {
        String shown;
        boolean refused;
        try {
            shown = read(damaged).toString();
            refused = false;
        } catch (ClusterConfigException e) {
            shown = e.toString();
            assertThat(e.getCause()).as(which).isNull();
            refused = true;
            for (ConfigProblem problem : e.problems()) {
                assertThat(problem.line()).as(which).isBetween(1, LINES + 1);
                assertThat(problem.column()).as(which).isPositive();
            }
        } catch (RuntimeException e) {
            throw new AssertionError(which, e);
        }
        assertShowsNoPartOf(ETCD_SECRET, shown, which);
        assertShowsNoPartOf(REDIS_SECRET, shown, which);
        return refused;
    }

    /** Half of the secret, because the damage may be in the other half. */
    private static void assertShowsNoPartOf(String secret, String shown, String which) {
        int half = secret.length() / 2;
        assertThat(shown).as(which).doesNotContain(secret.substring(0, half)).doesNotContain(secret.substring(half));
    }

    private static int lengthWithoutLastBrace() {
        return new String(VALID, StandardCharsets.UTF_8).lastIndexOf('}');
    }
}
