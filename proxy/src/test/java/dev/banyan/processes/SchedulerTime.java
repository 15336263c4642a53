package dev.banyan.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long threads have worked, and how long they could have worked and had no core.
 *
 * @see <a href="https://docs.kernel.org/scheduler/sched-stats.html">schedstat</a>
 */
public record SchedulerTime(long workedNanos, long waitedNanos) {

    /** Of all threads of a process whose name begins so. */
    public static SchedulerTime of(long pid, String name) throws IOException {
        long worked = 0;
        long waited = 0;
        for (Path task : tasks(pid)) {
            try {
                if (Files.readString(task.resolve("comm")).startsWith(name)) {
                    String[] numbers =
                            Files.readString(task.resolve("schedstat")).split(" ", -1);
                    worked += Long.parseLong(numbers[0]);
                    waited += Long.parseLong(numbers[1]);
                }
            } catch (NoSuchFileException e) {
                // the thread has ended, or the kernel does not tell
            }
        }
        return new SchedulerTime(worked, waited);
    }

    private static List<Path> tasks(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.toList();
        }
    }

    public SchedulerTime since(SchedulerTime before) {
        return new SchedulerTime(workedNanos - before.workedNanos, waitedNanos - before.waitedNanos);
    }

    /** How many times as long work has taken as it would have with a core for each thread: 1 on an idle machine. */
    public double stretch() {
        return workedNanos == 0 ? 1 : (double) (workedNanos + waitedNanos) / workedNanos;
    }
}
