package dev.earshot.cli.loss;

import dev.earshot.gateway.GatewayMain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * One run: devices send while things go wrong; then everything is healed, what is unacknowledged is
 * sent until it is acknowledged, and what is stored is held against that.
 *
 * @param seed of everything that is drawn
 * @param length how long things go wrong
 * @param devices that send
 * @param kinds what may go wrong
 * @param gatewayMain the class that is started as the gateway
 */
record LossRun(long seed, Duration length, int devices, Set<FaultKind> kinds, String gatewayMain) {
  private static final long MOST_DEVICE_SECONDS = 500_000;
  private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(90);

  LossRun {
    kinds = Set.copyOf(kinds);
    if (length.toMillis() < 1_000) {
      throw new IllegalArgumentException("length: " + length + " (expected: at least 1 s)");
    }
    if (devices < 1 || devices > 2_000) {
      throw new IllegalArgumentException("devices: " + devices + " (expected: 1 to 2000)");
    }
    if (devices * length.toSeconds() > MOST_DEVICE_SECONDS) {
      throw new IllegalArgumentException(
          "%d devices for %d s: all that is sent is kept in mind (expected: at most %,d device seconds)"
              .formatted(devices, length.toSeconds(), MOST_DEVICE_SECONDS));
    }
  }

  /** Of this project's own gateway. */
  LossRun(long seed, Duration length, int devices, Set<FaultKind> kinds) {
    this(seed, length, devices, kinds, GatewayMain.class.getName());
  }

  FaultSchedule schedule() {
    return FaultSchedule.draw(seed, length, kinds);
  }

  /**
   * Runs it.
   *
   * @param folder for data and logs
   * @param lines is told what happens and when, a line each; on several threads
   */
  LossReport run(Path folder, Consumer<String> lines) throws IOException, InterruptedException {
    long startedNanos = System.nanoTime();
    Consumer<String> log =
        line ->
            lines.accept(
                String.format(
                    Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - startedNanos) / 1e9, line));
    try (Site site = Site.start(folder, gatewayMain, expectedMessages())) {
      log.accept("the broker's disk is " + site.disk().what());
      Generator generator = new Generator(devices, site.devicePort(), new SplittableRandom(seed));
      Mischief mischief = new Mischief(site, schedule(), generator.tally().acknowledged::sum, log);
      try {
        log.accept(
            generator.awaitStart(ACKNOWLEDGED_WITHIN)
                ? "all devices are connected; faults begin"
                : "not all devices are connected yet; faults begin");
        mischief.run(length);
        log.accept("all is healed; what is unacknowledged is sent until it is acknowledged");
        site.heal();
        boolean drained = generator.drain(ACKNOWLEDGED_WITHIN);
        log.accept(drained ? "all is acknowledged" : "some is not acknowledged, and given up");
      } finally {
        generator.close();
      }
      log.accept("the topic is read");
      return report(site, generator, mischief);
    }
  }

  private long expectedMessages() {
    return devices * length.toSeconds() * Generator.PER_SECOND;
  }

  private static LossReport report(Site site, Generator generator, Mischief mischief)
      throws IOException {
    LossCheck check = new LossCheck(generator.journals());
    List<String> differences;
    try (Downstream downstream = new Downstream()) {
      StoredHeartbeats.read(
          site.bootstrap(), (key, value) -> downstream.offer(key, value, check.offer(key, value)));
      differences = downstream.differences();
    }
    return new LossReport(
        generator.traffic(),
        site.processes(),
        mischief.applied(),
        check.findings(),
        generator.tally().wrongAnswers(),
        differences);
  }
}
