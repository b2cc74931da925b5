package dev.earshot.cli.bench.engine;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What a piece of work costs the calling thread. */
final class Stopwatch {
  /** Long enough that asking for the time does not count, short enough to be often undisturbed. */
  private static final long BATCH_NANOS = 2_000_000;

  private static final int ALLOCATION_RUNS = 200;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * Processor time of one run in microseconds: the median over batches of runs, so that what
   * disturbs a few of them does not count.
   *
   * @param seconds of processor time to spend, on at least one run
   */
  double micros(Runnable work, double seconds) {
    int runs = 1;
    long nanos = batch(work, runs);
    long spent = nanos;
    while (nanos < BATCH_NANOS && spent < seconds * 1e9) {
      runs *= 2;
      nanos = batch(work, runs);
      spent += nanos;
    }
    double[] each = new double[16];
    int batches = 0;
    each[batches++] = (double) nanos / runs;
    while (spent < seconds * 1e9) {
      nanos = batch(work, runs);
      spent += nanos;
      if (batches == each.length) {
        each = Arrays.copyOf(each, 2 * batches);
      }
      each[batches++] = (double) nanos / runs;
    }
    double[] sorted = Arrays.copyOf(each, batches);
    Arrays.sort(sorted);
    return sorted[batches / 2] / 1e3;
  }

  private long batch(Runnable work, int runs) {
    long before = thread.getCurrentThreadCpuTime();
    for (int i = 0; i < runs; i++) {
      work.run();
    }
    return thread.getCurrentThreadCpuTime() - before;
  }

  /** Bytes that one run allocates; call it when the work is compiled. */
  double allocatedBytes(Runnable work) {
    long before = thread.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ALLOCATION_RUNS; i++) {
      work.run();
    }
    return (double) (thread.getCurrentThreadAllocatedBytes() - before) / ALLOCATION_RUNS;
  }
}
