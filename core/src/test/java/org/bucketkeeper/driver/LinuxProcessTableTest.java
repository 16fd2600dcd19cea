package org.bucketkeeper.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LinuxProcessTableTest {

    private final LinuxProcessTable table =
            new LinuxProcessTable(Path.of("/proc"), ProcessHandle.current().pid());

    @Test
    void provesAProcessDeadOnceItIsKilledAndNotBefore() throws Exception {
        Process child = new ProcessBuilder("sleep", "600").start();
        ProcessIdentity identity = identityOf(child.pid());
        boolean deadBefore = table.isProvablyDead(identity);

        child.destroyForcibly();
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(deadBefore).isFalse();
        assertThat(table.isProvablyDead(identity)).isTrue();
    }

    @Test
    void doesNotTakeAZombieForDead() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
        try (BufferedReader output = parent.inputReader()) {
            long pid = Long.parseLong(Objects.requireNonNull(output.readLine()));
            ProcessIdentity identity = identityOf(pid);

            // Only after it has become another program does the shell not look after its child any more.
            while (!Files.readString(Path.of("/proc/" + parent.pid() + "/comm")).startsWith("sleep")) {
                Thread.onSpinWait();
            }

            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            while (!Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ")) {
                Thread.onSpinWait();
            }

            assertThat(table.isProvablyDead(identity)).isFalse();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void provesDeadWhoseNumberAnotherProcessHas() {
        ProcessIdentity self = identityOf(ProcessHandle.current().pid());

        assertThat(table.isProvablyDead(self)).isFalse();
        assertThat(table.isProvablyDead(new ProcessIdentity(
                        self.bootId(), self.namespaces(), self.userId(), self.pid(), self.startTime() - 1)))
                .isTrue();
    }

    @Test
    void provesNothingOfAnotherBootNamespaceOrUser() throws Exception {
        Process child = new ProcessBuilder("sleep", "600").start();
        ProcessIdentity dead = identityOf(child.pid());
        child.destroyForcibly();
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(table.isProvablyDead(
                        new ProcessIdentity("other", dead.namespaces(), dead.userId(), dead.pid(), dead.startTime())))
                .isFalse();
        assertThat(table.isProvablyDead(
                        new ProcessIdentity(dead.bootId(), "other", dead.userId(), dead.pid(), dead.startTime())))
                .isFalse();
        assertThat(table.isProvablyDead(new ProcessIdentity(
                        dead.bootId(), dead.namespaces(), dead.userId() + 1, dead.pid(), dead.startTime())))
                .isFalse();
    }

    @Test
    void provesNothingWhereNothingCanBeRead(@TempDir Path empty) {
        LinuxProcessTable blind = new LinuxProcessTable(empty, 77);

        assertThat(blind.self()).isNull();
        assertThat(blind.isProvablyDead(identityOf(ProcessHandle.current().pid())))
                .isFalse();
    }

    @Test
    void readsTheStartTimeBehindWhateverTheProgramIsCalled(@TempDir Path proc) throws Exception {
        makeProc(proc, "rw,relatime", "a) b (c");

        ProcessIdentity self = new LinuxProcessTable(proc, 77).self();

        assertThat(Objects.requireNonNull(self).startTime()).isEqualTo(4711);
    }

    @Test
    void seesThatANumberIsFree(@TempDir Path proc) throws Exception {
        makeProc(proc, "rw,relatime", "java");
        LinuxProcessTable made = new LinuxProcessTable(proc, 77);

        assertThat(made.isProvablyDead(withPid(Objects.requireNonNull(made.self()), 78)))
                .isTrue();
    }

    @Test
    void provesNothingWhereProcessesAreHidden(@TempDir Path proc) throws Exception {
        makeProc(proc, "rw,hidepid=0", "java");
        ProcessIdentity gone = withPid(Objects.requireNonNull(new LinuxProcessTable(proc, 77).self()), 78);

        makeProc(proc, "rw,hidepid=invisible", "java");

        assertThat(new LinuxProcessTable(proc, 77).isProvablyDead(gone)).isFalse();
    }

    @Test
    void provesNothingByTheProcOfAnotherNamespace(@TempDir Path proc) throws Exception {
        makeProc(proc, "rw", "java");

        assertThat(new LinuxProcessTable(proc, 1).self()).isNull();
    }

    private static ProcessIdentity withPid(ProcessIdentity identity, long pid) {
        return new ProcessIdentity(
                identity.bootId(), identity.namespaces(), identity.userId(), pid, identity.startTime());
    }

    /** Lays out what the kernel shows of a process with the number 77, which started at 4711. */
    private static void makeProc(Path proc, String mountOptions, String program) throws IOException {
        Path self = proc.resolve("77");
        Files.createDirectories(self.resolve("ns"));
        Files.deleteIfExists(proc.resolve("self"));
        Files.createSymbolicLink(proc.resolve("self"), Path.of("77"));
        Files.deleteIfExists(self.resolve("ns/pid"));
        Files.createSymbolicLink(self.resolve("ns/pid"), Path.of("pid:[4026531836]"));
        Files.writeString(self.resolve("mounts"), "proc /proc proc " + mountOptions + " 0 0\n");
        Files.writeString(self.resolve("stat"), "77 (" + program + ") S" + " 0".repeat(18) + " 4711 0 0\n");
        Files.createDirectories(proc.resolve("sys/kernel/random"));
        Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "a-boot\n");
    }

    private ProcessIdentity identityOf(long pid) {
        return Objects.requireNonNull(table.identityOf(pid));
    }
}
