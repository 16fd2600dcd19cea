package org.bucketkeeper.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads Linux's {@code /proc}. A process is dead if this process runs under the same kernel, in the same spaces of
 * process numbers and of time, and as the same user, sees every process, and either none has the number or one that started at
 * another time. A zombie proves nothing: its other threads may still run.
 *
 * <p>Reads a few small files of the kernel's, which takes microseconds.
 */
public final class LinuxProcessTable implements ProcessTable {

    private static final int START_TIME_AFTER_NAME = 19;

    private final Path proc;
    private final long ownPid;

    /** Returns the table of this machine; on another system than Linux it proves nothing. */
    public static ProcessTable ofThisMachine() {
        return new LinuxProcessTable(Path.of("/proc"), ProcessHandle.current().pid());
    }

    /** Reads {@code proc} in place of the kernel's own, as the process {@code ownPid}. */
    LinuxProcessTable(Path proc, long ownPid) {
        this.proc = proc;
        this.ownPid = ownPid;
    }

    @Override
    public @Nullable ProcessIdentity self() {
        return identityOf(ownPid);
    }

    /** Returns the identity of a process that this one sees; null if there is none, or this machine does not tell. */
    @Nullable ProcessIdentity identityOf(long pid) {
        try {
            boolean anotherNamespacesProc =
                    !Files.readSymbolicLink(proc.resolve("self")).toString().equals(Long.toString(ownPid));
            if (anotherNamespacesProc || hidesProcesses()) {
                return null;
            }
            Path process = proc.resolve(Long.toString(pid));
            return new ProcessIdentity(
                    Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip(),
                    namespaces(process),
                    ((Number) Files.getAttribute(process, "unix:uid")).longValue(),
                    pid,
                    startTime(pid));
        } catch (IOException | RuntimeException notTold) {
            return null;
        }
    }

    @Override
    public boolean isProvablyDead(ProcessIdentity process) {
        ProcessIdentity self = self();
        if (self == null
                || self.bootId().isEmpty()
                || !self.bootId().equals(process.bootId())
                || !self.namespaces().equals(process.namespaces())
                || self.userId() != process.userId()
                || process.pid() <= 0) {
            return false;
        }
        if (Files.notExists(proc.resolve(Long.toString(process.pid())))) {
            return true;
        }
        try {
            return startTime(process.pid()) != process.startTime();
        } catch (IOException | RuntimeException notTold) {
            return false;
        }
    }

    /** The start time counts from an origin that a time namespace shifts; kernels before 5.6 have none. */
    private static String namespaces(Path process) throws IOException {
        String pids = Files.readSymbolicLink(process.resolve("ns/pid")).toString();
        Path times = process.resolve("ns/time");
        return Files.notExists(times, LinkOption.NOFOLLOW_LINKS) ? pids : pids + " " + Files.readSymbolicLink(times);
    }

    /** Mounted with {@code hidepid}, a missing entry means nothing. */
    private boolean hidesProcesses() throws IOException {
        for (String mount : Files.readAllLines(proc.resolve("self/mounts"))) {
            String[] fields = mount.split(" ", -1);
            if (fields.length > 3 && fields[2].equals("proc")) {
                for (String option : fields[3].split(",", -1)) {
                    if (option.startsWith("hidepid=")
                            && !List.of("hidepid=0", "hidepid=off").contains(option)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** The name of the program, in brackets, may itself contain blanks and brackets: the last one ends it. */
    private long startTime(long pid) throws IOException {
        String stat = Files.readString(proc.resolve(pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[START_TIME_AFTER_NAME].strip());
    }
}
