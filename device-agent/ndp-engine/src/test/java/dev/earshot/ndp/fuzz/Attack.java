package dev.earshot.ndp.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.earshot.ndp.Execution;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Does to a file what a device does: reads it, prepares it, runs it. Watches what that takes, on
 * the calling thread.
 */
final class Attack {
  /** Models above it are prepared, but not run, to keep cases short. */
  private static final long MOST_MACS = 20_000_000;

  private static final long MOST_NANOS = 10_000_000_000L;
  private static final long MOST_BYTES = 700L << 20;
  private static final int LONGEST_MESSAGE = 4096;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long slowestNanos;
  private long largestBytes;

  /** What became of it; throws what should not have been. */
  Outcome on(byte[] file) {
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long nanos = threads.getCurrentThreadCpuTime();
    Outcome outcome = run(file);
    nanos = threads.getCurrentThreadCpuTime() - nanos;
    bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
    assertTrue(nanos < MOST_NANOS, "took " + nanos / 1_000_000 + " ms of processor time");
    assertTrue(bytes < MOST_BYTES, "took " + (bytes >> 20) + " MiB");
    slowestNanos = Math.max(slowestNanos, nanos);
    largestBytes = Math.max(largestBytes, bytes);
    return outcome;
  }

  private static Outcome run(byte[] file) {
    byte @Nullable [] expected = null;
    for (Execution execution : Execution.possible()) {
      NdpModel model;
      try {
        model = NdpModel.parse(file, Rounding.TFLITE_2_20, execution);
      } catch (ModelFormatException e) {
        String message = String.valueOf(e.getMessage());
        assertTrue(!message.isBlank() && message.length() < LONGEST_MESSAGE, message);
        return new Outcome.Refused(message);
      }
      if (model.summary().macs() > MOST_MACS) {
        return new Outcome.Prepared();
      }
      byte[] input = new byte[model.inputElements()];
      new SplittableRandom(file.length).nextBytes(input);
      byte[] output = model.newInference().run(input);
      if (expected != null) {
        assertArrayEquals(expected, output, execution + " differs from PLAIN");
      }
      expected = output;
    }
    return new Outcome.Run();
  }

  /** The largest so far: processor time of a case and what it allocated. */
  String largest() {
    return "at most %d ms and %d MiB".formatted(slowestNanos / 1_000_000, largestBytes >> 20);
  }
}
