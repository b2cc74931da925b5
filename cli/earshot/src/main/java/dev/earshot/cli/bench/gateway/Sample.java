package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.BenchProcess;
import dev.earshot.cli.bench.ProcessMeter;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One measurement: acknowledged messages a second, and microseconds of processor time that each
 * party used for a message, user and system.
 */
record Sample(double perSecond, Map<Party, Double> micros) {
  private static final int FIRST_WITHIN_SECONDS = 60;

  /** Who uses the machine while it is measured. */
  enum Party {
    /** What is measured. */
    SUBJECT,
    /** What makes its load, or burns its cost. */
    GENERATOR,
    BROKER
  }

  Sample {
    micros = Map.copyOf(micros);
  }

  /** Processor time of one party for a message; NaN when it took no part. */
  double micros(Party party) {
    return micros.getOrDefault(party, Double.NaN);
  }

  /**
   * Measures a load that is running.
   *
   * @param counter answers {@code count}
   * @param settleSeconds before the measurement begins
   */
  static Sample take(
      BenchProcess counter, Map<Party, List<Long>> processes, int settleSeconds, int seconds)
      throws IOException, InterruptedException {
    awaitMore(counter, 0);
    TimeUnit.SECONDS.sleep(settleSeconds);
    Map<Party, Double> before = processorSeconds(processes);
    String[] first = counter.ask("count");
    TimeUnit.SECONDS.sleep(seconds);
    String[] last = awaitMore(counter, Long.parseLong(first[0]));
    Map<Party, Double> after = processorSeconds(processes);
    double messages = Long.parseLong(last[0]) - Long.parseLong(first[0]);
    double elapsed = (Long.parseLong(last[1]) - Long.parseLong(first[1])) / 1e9;
    Map<Party, Double> micros = new EnumMap<>(Party.class);
    after.forEach(
        (party, used) ->
            micros.put(party, (used - before.getOrDefault(party, 0.0)) * 1e6 / messages));
    return new Sample(messages / elapsed, micros);
  }

  /** The count, when it is higher than that. */
  private static String[] awaitMore(BenchProcess counter, long than)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FIRST_WITHIN_SECONDS);
    String[] count = counter.ask("count");
    while (Long.parseLong(count[0]) <= than) {
      if (System.nanoTime() > deadline) {
        throw new UserError(
            "no message was acknowledged within %d s".formatted(FIRST_WITHIN_SECONDS));
      }
      TimeUnit.MILLISECONDS.sleep(10);
      count = counter.ask("count");
    }
    return count;
  }

  private static Map<Party, Double> processorSeconds(Map<Party, List<Long>> processes) {
    Map<Party, Double> seconds = new EnumMap<>(Party.class);
    processes.forEach(
        (party, pids) -> seconds.put(party, new ProcessMeter(pids).read().cpuSeconds()));
    return seconds;
  }
}
