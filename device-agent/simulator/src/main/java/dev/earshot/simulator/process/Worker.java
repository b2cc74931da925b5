package dev.earshot.simulator.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The worker's side of the line protocol. It says {@code report JSON} every second, and answers
 * {@code quiesce MILLIS} with a last, exact report and {@code quiesced} (or {@code late WHY}). It
 * ends with {@code stop}, or with its input: a worker never outlives its parent.
 */
public final class Worker {
  static final String REPORT = "report ";
  static final String QUIESCE = "quiesce ";
  static final String QUIESCED = "quiesced";
  static final String LATE = "late ";
  static final String STOP = "stop";
  private static final long REPORT_MILLIS = 1000;

  private final Fleet fleet;
  private final PrintStream out;

  /**
   * @param out what the parent reads; nobody else may write there
   */
  public Worker(Fleet fleet, PrintStream out) {
    this.fleet = fleet;
    this.out = out;
  }

  /** Reports and obeys until it is told to stop. */
  public void serve(BufferedReader in) throws IOException {
    try (ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("worker-reports").unstarted(task))) {
      report();
      var _ =
          clock.scheduleWithFixedDelay(
              this::report, REPORT_MILLIS, REPORT_MILLIS, TimeUnit.MILLISECONDS);
      String line = in.readLine();
      while (line != null && !line.equals(STOP)) {
        if (line.startsWith(QUIESCE)) {
          quiesce(Duration.ofMillis(Long.parseLong(line.substring(QUIESCE.length()))));
        }
        line = in.readLine();
      }
      clock.shutdownNow();
    }
  }

  private void quiesce(Duration patience) {
    String answer = QUIESCED;
    try {
      fleet.quiesce(patience);
    } catch (TimeoutException e) {
      answer = LATE + e.getMessage();
    }
    synchronized (out) {
      report();
      say(answer);
    }
  }

  private void report() {
    say(REPORT + ReportCodec.write(fleet.report()));
  }

  private void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
