package dev.earshot.trainer.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A few threads that make numbered things; one thread takes them in the order of their numbers.
 * What comes out does not depend on how many threads there are.
 */
public final class Workers implements AutoCloseable {
  private final ExecutorService executor;
  private final int threads;

  public Workers(int threads) {
    this.threads = threads;
    this.executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("trainer-", 0).factory());
  }

  /** Makes item {@code number} with a tool that belongs to the making thread. */
  public interface Task<S, T> {
    T make(int number, S tool);
  }

  /**
   * Makes items 0 to {@code count - 1}; hands them to {@code taker}, on the calling thread, in
   * order.
   */
  public <S, T> void run(int count, Supplier<S> tools, Task<S, T> task, Consumer<T> taker) {
    ThreadLocal<S> tool = ThreadLocal.withInitial(tools);
    Deque<Future<T>> ahead = new ArrayDeque<>();
    for (int next = 0; next < count || !ahead.isEmpty(); ) {
      if (next < count && ahead.size() < 2 * threads) {
        int number = next++;
        ahead.add(executor.submit(() -> task.make(number, tool.get())));
      } else {
        taker.accept(await(ahead.remove()));
      }
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
