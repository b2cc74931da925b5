package dev.earshot.rollout.study;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Repeats something on several threads; the results are in the order of the repetitions, whichever
 * thread did what.
 *
 * @param threads how many, above 0
 * @param progress takes a line every so often, on the caller's thread
 */
public record Workers(int threads, Consumer<String> progress) {
  /** Repetitions that one task does. */
  private static final int BATCH = 20;

  private static final int STEPS = 4;

  public Workers {
    if (threads <= 0) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: > 0)");
    }
  }

  /** The results of {@code repetitions} calls, with 0, 1, 2... */
  <T> List<T> map(String what, int repetitions, IntFunction<T> call) {
    List<T> results = new ArrayList<>(repetitions);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads, Workers::daemon)) {
      List<Future<List<T>>> batches = new ArrayList<>();
      for (int from = 0; from < repetitions; from += BATCH) {
        int first = from;
        int end = Math.min(repetitions, from + BATCH);
        batches.add(executor.submit(batch(first, end, call)));
      }
      int told = 0;
      for (Future<List<T>> batch : batches) {
        results.addAll(get(batch, executor));
        int step = STEPS * results.size() / repetitions;
        if (step > told) {
          told = step;
          progress.accept(what + ": " + results.size() + " of " + repetitions);
        }
      }
    }
    return results;
  }

  private static <T> Callable<List<T>> batch(int from, int end, IntFunction<T> call) {
    return () -> {
      List<T> results = new ArrayList<>();
      for (int i = from; i < end; i++) {
        results.add(call.apply(i));
      }
      return results;
    };
  }

  private static <T> T get(Future<T> future, ExecutorService executor) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      executor.shutdownNow();
      throw new IllegalStateException("a simulated rollout failed", e.getCause());
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "gate-study");
    thread.setDaemon(true);
    return thread;
  }
}
