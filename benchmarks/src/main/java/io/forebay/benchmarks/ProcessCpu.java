package io.forebay.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time of a process and its children's threads, as the kernel counts it. */
final class ProcessCpu {
  /** Ticks a second in /proc on every Linux (USER_HZ). */
  private static final double TICKS_PER_SECOND = 100;

  private ProcessCpu() {}

  /** Seconds of user and system time of a process and all its live children. */
  static double seconds(ProcessHandle process) throws IOException {
    double sum = own(process.pid());
    for (ProcessHandle child : process.descendants().toList()) {
      sum += own(child.pid());
    }
    return sum;
  }

  private static double own(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }
}
