package dev.earshot.simulator;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What processes use of the machine. 0 where the system does not tell.
 *
 * @param processes how many there are
 * @param residentBytes memory, together
 * @param heapBytes of it, Java objects, garbage included
 * @param cpuNanos processor time since their start
 * @param descriptors open files and sockets
 */
public record ProcessUse(
    int processes, long residentBytes, long heapBytes, long cpuNanos, long descriptors) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** No process. */
  public static final ProcessUse NONE = new ProcessUse(0, 0, 0, 0, 0);

  /** This process now. */
  public static ProcessUse ofThisProcess() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    UnixOperatingSystemMXBean unix = system instanceof UnixOperatingSystemMXBean u ? u : null;
    return new ProcessUse(
        1,
        resident(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        unix == null ? 0 : unix.getProcessCpuTime(),
        unix == null ? 0 : unix.getOpenFileDescriptorCount());
  }

  /** How many files and sockets this process may open; what Java can't tell counts as 1024. */
  public static long mostDescriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : 1024;
  }

  /** Both together. */
  public ProcessUse plus(ProcessUse other) {
    return new ProcessUse(
        processes + other.processes,
        residentBytes + other.residentBytes,
        heapBytes + other.heapBytes,
        cpuNanos + other.cpuNanos,
        descriptors + other.descriptors);
  }

  private static long resident() {
    try {
      List<String> lines = Files.exists(STATUS) ? Files.readAllLines(STATUS) : List.of();
      for (String line : lines) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
      return 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
