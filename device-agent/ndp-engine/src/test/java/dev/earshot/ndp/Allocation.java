package dev.earshot.ndp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a thread allocates. */
public final class Allocation {
  private static final int MOST_RUNS = 3_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /**
   * Runs it until a run allocates nothing. The Vector API's values are objects until the compiler
   * has seen the code often enough, so the first runs do.
   */
  public static void assertNoneOnceCompiled(Runnable action) {
    long allocated = Long.MAX_VALUE;
    for (int run = 0; run < MOST_RUNS && allocated > 0; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      action.run();
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated, "bytes allocated in the last of " + MOST_RUNS + " runs");
  }
}
