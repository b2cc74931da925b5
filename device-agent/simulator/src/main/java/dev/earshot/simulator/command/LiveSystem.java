package dev.earshot.simulator.command;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.simulator.report.RolloutMove;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A running Earshot that a fleet joins, as an operator of it sees it. Safe for many threads. */
public interface LiveSystem extends AutoCloseable {
  /** Its gateway, {@code host:port}. */
  String gateway();

  /** Its registry's base address. */
  String registry();

  /** Whom its devices trust: a folder with {@code image-root.json, director-root.json}. */
  Path trust();

  /** The time that its fleet lives in. */
  FleetClock clock();

  /**
   * Makes sure that the registry has every release that the scenario names.
   *
   * @throws IOException when it can't be reached or refuses one
   */
  void prepare(Scenario scenario) throws IOException;

  /**
   * From now on starts the scenario's rollouts at their times, and follows them.
   *
   * @param start when the scenario began, fleet time
   */
  void begin(Scenario scenario, Instant start) throws IOException;

  /** What became of the scenario's rollouts so far, in their order. */
  List<RolloutMove> moves();

  /**
   * Compares what happened with what the services counted since {@link #begin}, once they have read
   * all of it. The fleet has come to rest before.
   */
  Verification verify(Truth truth, HeartbeatFates heartbeats) throws IOException;

  @Override
  void close();
}
