package dev.earshot.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a group of processes uses, from Linux' {@code /proc}; 0 elsewhere, and of processes that
 * have ended.
 */
public record ProcessMeter(List<Long> pids) {

  /**
   * At one moment.
   *
   * @param cpuSeconds of all processors since the processes' start
   * @param residentBytes memory
   * @param mostDescriptors of the process that has most open
   */
  public record Use(double cpuSeconds, long residentBytes, long mostDescriptors) {}

  /** Reads it now. */
  public Use read() {
    double cpu = 0;
    long resident = 0;
    long descriptors = 0;
    for (long pid : pids) {
      cpu +=
          ProcessHandle.of(pid)
                  .flatMap(process -> process.info().totalCpuDuration())
                  .map(Duration::toMillis)
                  .orElse(0L)
              / 1e3;
      resident += residentBytes(pid);
      descriptors = Math.max(descriptors, files(Path.of("/proc", Long.toString(pid), "fd")));
    }
    return new Use(cpu, resident, descriptors);
  }

  /** What one process holds of memory, bytes. */
  static long residentBytes(long pid) {
    return kibibytes(Path.of("/proc", Long.toString(pid), "status"), "VmRSS:") << 10;
  }

  /** The most that it ever held, bytes. */
  public static long peakResidentBytes(long pid) {
    return kibibytes(Path.of("/proc", Long.toString(pid), "status"), "VmHWM:") << 10;
  }

  /** Memory that the kernel uses for itself, sockets above all; of the whole machine, bytes. */
  public static long kernelBytes() {
    return kibibytes(Path.of("/proc/meminfo"), "Slab:") << 10;
  }

  /** Memory that is left on the machine, bytes; Long.MAX_VALUE where that is not known. */
  static long availableBytes() {
    Path meminfo = Path.of("/proc/meminfo");
    return Files.exists(meminfo) ? kibibytes(meminfo, "MemAvailable:") << 10 : Long.MAX_VALUE;
  }

  private static long kibibytes(Path file, String field) {
    try {
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      return 0;
    } catch (IOException e) {
      return 0; // it has ended
    }
  }

  private static long files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      return 0; // it has ended
    }
  }
}
