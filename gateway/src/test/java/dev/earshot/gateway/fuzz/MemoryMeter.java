package dev.earshot.gateway.fuzz;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process holds once the garbage is gone.
 *
 * @param heapBytes live objects
 * @param directBytes memory of Netty's buffers outside the heap, pooled ones included
 * @param bufferBytes memory of the JDK's direct buffers
 */
record MemoryMeter(long heapBytes, long directBytes, long bufferBytes) {
  private static final int COLLECTIONS = 3;

  static MemoryMeter read() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return new MemoryMeter(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        PlatformDependent.usedDirectMemory(),
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum());
  }

  @Override
  public String toString() {
    return "%.1f MiB of heap, %.1f MiB of Netty's, %.1f MiB of direct buffers"
        .formatted(mebibytes(heapBytes), mebibytes(directBytes), mebibytes(bufferBytes));
  }

  private static double mebibytes(long bytes) {
    return bytes / 1048576.0;
  }
}
