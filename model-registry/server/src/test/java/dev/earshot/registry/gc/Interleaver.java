package dev.earshot.registry.gc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on threads of their own, of which one at a time goes one step: from one {@link #step}
 * to the next. Which one is the caller's choice, so that every order can happen and the same one
 * happens again.
 */
public final class Interleaver {
  private final IntUnaryOperator choice;
  private final List<Runner> runners = new ArrayList<>();
  private final ThreadLocal<Runner> current = new ThreadLocal<>();

  private enum State {
    RUNS,
    WAITS,
    DONE
  }

  private final class Runner {
    private State state = State.RUNS;
    private @Nullable Throwable failure;
  }

  /**
   * @param choice one of so many, from 0
   */
  public Interleaver(IntUnaryOperator choice) {
    this.choice = choice;
  }

  /** Called by the tasks before everything that others can see; without effect outside of them. */
  public void step() {
    Runner runner = current.get();
    if (runner == null) {
      return;
    }
    synchronized (this) {
      change(runner, State.WAITS);
      while (runner.state == State.WAITS) {
        pause();
      }
    }
  }

  /** Runs them to their ends; the first failure is thrown. */
  public void run(List<Callable<?>> tasks) {
    for (Callable<?> task : tasks) {
      Runner runner = new Runner();
      runners.add(runner);
      Thread.startVirtualThread(() -> run(runner, task));
    }
    synchronized (this) {
      while (next()) {
        continue;
      }
    }
    for (Runner runner : runners) {
      if (runner.failure != null) {
        throw new AssertionError(runner.failure);
      }
    }
    runners.clear();
  }

  /** Waits until nobody runs, then lets one of them. */
  private boolean next() {
    while (runners.stream().anyMatch(runner -> runner.state == State.RUNS)) {
      pause();
    }
    List<Runner> waiting = runners.stream().filter(runner -> runner.state == State.WAITS).toList();
    if (waiting.isEmpty()) {
      return false;
    }
    change(waiting.get(choice.applyAsInt(waiting.size())), State.RUNS);
    return true;
  }

  private void run(Runner runner, Callable<?> task) {
    current.set(runner);
    try {
      step();
      task.call();
    } catch (Throwable e) {
      runner.failure = e;
    } finally {
      synchronized (this) {
        change(runner, State.DONE);
      }
    }
  }

  private synchronized void change(Runner runner, State state) {
    runner.state = state;
    notifyAll();
  }

  private void pause() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
