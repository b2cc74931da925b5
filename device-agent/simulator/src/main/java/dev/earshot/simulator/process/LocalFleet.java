package dev.earshot.simulator.process;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetSimulator;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A fleet in this process. */
public final class LocalFleet implements Fleet {
  private final FleetSimulator simulator;

  public LocalFleet(FleetSimulator simulator) {
    this.simulator = simulator;
  }

  @Override
  public FleetReport report() {
    return simulator.report();
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public void quiesce(Duration patience) throws TimeoutException {
    simulator.quiesce(patience);
  }

  @Override
  public void close() {
    simulator.close();
  }
}
