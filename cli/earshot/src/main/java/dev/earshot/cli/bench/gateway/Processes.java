package dev.earshot.cli.bench.gateway;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was started, to be ended in reverse. */
final class Processes implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /** Will end it. */
  <T extends AutoCloseable> T add(T process) {
    started.push(process);
    return process;
  }

  /** Ends all, also when one of them fails to. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        failure = new IOException("a process of the benchmark did not end", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
