package dev.earshot.cli.bench.engine;

import dev.earshot.ndp.EngineScratch;
import dev.earshot.ndp.Execution;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.graph.ModelFormatException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What the engine keeps on the heap and in buffers beside it, measured: many of a kind are made,
 * and what is alive after a full collection is compared with what was before. Machine code itself
 * (some ten KiB of a model) is not in it.
 *
 * @param modelBytes of a model, with the file's constants and the packed weights; of one that
 *     listens, prepared for whole windows and for a stream
 * @param scratchBytes of a thread that runs it; of one that listens, with the front end
 * @param deviceBytes of a device that listens with it; NaN where no front end fits the model
 */
record Footprint(double modelBytes, double scratchBytes, double deviceBytes) {
  private static final int MODELS = 12;
  private static final int SCRATCHES = 24;
  private static final int DEVICES = 2_000;

  /** At most; two when nothing is given back. */
  private static final int COLLECTIONS = 20;

  private static final long SETTLING_NANOS = 50_000_000;

  private interface Maker {
    Object make() throws ModelFormatException;
  }

  static Footprint measure(Subjects subjects, TinyModel model) throws ModelFormatException {
    NdpModel shared = subjects.model(Execution.best());
    if (!model.listens()) {
      return new Footprint(
          bytes(MODELS, () -> subjects.model(Execution.best())),
          bytes(SCRATCHES, shared::newInference),
          Double.NaN);
    }
    EngineScratch scratch = new EngineScratch(shared, FrontEndParameters.STREAMING_WAKE_WORD);
    return new Footprint(
        bytes(
            MODELS,
            () -> {
              NdpModel made = subjects.model(Execution.best());
              made.streaming(Subjects.frameElements(made));
              return made;
            }),
        bytes(SCRATCHES, () -> new EngineScratch(shared, FrontEndParameters.STREAMING_WAKE_WORD)),
        bytes(DEVICES, () -> new WakeWordEngine(scratch, DetectorParameters.STREAMING_WAKE_WORD)));
  }

  /** Of many devices that share a model, on some threads; NaN where a device's is not known. */
  double bytes(int devices, int threads) {
    return modelBytes + threads * scratchBytes + devices * deviceBytes;
  }

  private static double bytes(int count, Maker maker) throws ModelFormatException {
    List<Object> kept = new ArrayList<>(count);
    kept.add(maker.make()); // whatever classes it needs are loaded now
    long before = alive();
    while (kept.size() <= count) {
      kept.add(maker.make());
    }
    long after = alive();
    return (double) (after - before) / (kept.size() - 1);
  }

  /** Bytes, once the thread that gives buffers back after a collection has nothing left to do. */
  private static long alive() {
    long before = -1;
    long buffers = buffers();
    for (int i = 0; i < COLLECTIONS && buffers != before; i++) {
      ManagementFactory.getMemoryMXBean().gc();
      LockSupport.parkNanos(SETTLING_NANOS);
      before = buffers;
      buffers = buffers();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + buffers;
  }

  private static long buffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
