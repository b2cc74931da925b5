package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.BenchProcess;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Asks a {@link FleetMain} process. */
final class Fleets {
  private static final long POLL_MILLIS = 100;

  private Fleets() {}

  static FleetCount count(BenchProcess fleet) throws IOException {
    return FleetCount.parse(fleet.ask("count"));
  }

  /** Waits until it is so. */
  static FleetCount await(BenchProcess fleet, Predicate<FleetCount> until, int withinSeconds)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(withinSeconds);
    FleetCount count = count(fleet);
    while (!until.test(count)) {
      if (System.nanoTime() > deadline) {
        throw new UserError(
            "after %d s %,d of %,d devices are connected, %,d were refused, %,d tries failed"
                .formatted(
                    withinSeconds, count.up(), count.devices(), count.refused(), count.failed()));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      count = count(fleet);
    }
    return count;
  }

  static void requireAllUp(FleetCount count) {
    if (count.refused() > 0) {
      throw new UserError("the gateway refused %,d devices for good".formatted(count.refused()));
    }
  }
}
