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
    TimeUnit.SECONDS.sleep(settleSeconds);
    Map<Party, Double> before = processorSeconds(processes);
    String[] first = counter.ask("count");
    TimeUnit.SECONDS.sleep(seconds);
    String[] last = counter.ask("count");
    Map<Party, Double> after = processorSeconds(processes);
    double messages = Long.parseLong(last[0]) - Long.parseLong(first[0]);
    if (messages <= 0) {
      throw new UserError("no message was acknowledged in %d s".formatted(seconds));
    }
    double elapsed = (Long.parseLong(last[1]) - Long.parseLong(first[1])) / 1e9;
    Map<Party, Double> micros = new EnumMap<>(Party.class);
    after.forEach(
        (party, used) -> micros.put(party, (used - before.getOrDefault(party, 0.0)) * 1e6 / messages));
    return new Sample(messages / elapsed, micros);
  }

  private static Map<Party, Double> processorSeconds(Map<Party, List<Long>> processes) {
    Map<Party, Double> seconds = new EnumMap<>(Party.class);
    processes.forEach((party, pids) -> seconds.put(party, new ProcessMeter(pids).read().cpuSeconds()));
    return seconds;
  }
}
