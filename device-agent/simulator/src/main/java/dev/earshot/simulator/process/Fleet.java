package dev.earshot.simulator.process;

import dev.earshot.simulator.FleetReport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A running fleet, in this process or in several. Safe for use by many threads. */
public interface Fleet extends AutoCloseable {
  /** All that is known of it; what other processes tell is up to a second old. */
  FleetReport report();

  /** Why it can't go on, such as a process that died; empty while all is well. */
  Optional<String> problem();

  /**
   * The world stops and every heartbeat is sent until it is acknowledged; the report is exact
   * afterwards.
   *
   * @throws TimeoutException when some are not acknowledged after that machine time, or a process
   *     does not answer; says how many or which
   */
  void quiesce(Duration patience) throws TimeoutException;

  /** Switches the fleet off. */
  @Override
  void close();
}
