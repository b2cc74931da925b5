package dev.earshot.cli.bench.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** How much several threads get done together. */
final class Throughput {
  private Throughput() {}

  /**
   * Runs per second of real time.
   *
   * @param work makes a thread's own piece of work
   */
  static double perSecond(Supplier<Runnable> work, int threads, double seconds)
      throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(threads + 1);
    AtomicBoolean over = new AtomicBoolean();
    LongAdder runs = new LongAdder();
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Runnable own = work.get();
      started.add(Thread.ofPlatform().start(() -> run(own, start, over, runs)));
    }
    await(start);
    long from = System.nanoTime();
    Thread.sleep((long) (seconds * 1e3));
    over.set(true);
    for (Thread each : started) {
      each.join();
    }
    return runs.sum() / ((System.nanoTime() - from) / 1e9);
  }

  private static void run(Runnable work, CyclicBarrier start, AtomicBoolean over, LongAdder runs) {
    await(start);
    long done = 0;
    while (!over.get()) {
      work.run();
      done++;
    }
    runs.add(done);
  }

  private static void await(CyclicBarrier start) {
    try {
      start.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.BrokenBarrierException e) {
      throw new IllegalStateException("a thread of the benchmark did not start", e);
    }
  }
}
