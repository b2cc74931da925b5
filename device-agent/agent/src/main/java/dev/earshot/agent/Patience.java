package dev.earshot.agent;

import dev.earshot.agent.port.Supply;
import dev.earshot.agent.update.Budget;
import dev.earshot.agent.update.Conditions;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.UpdateState.Stage;
import java.time.Duration;
import java.util.Optional;

/** Whether a plan's conditions hold now, and when it is worth looking again. */
final class Patience {
  /** How often battery and charger are looked at, fleet time. */
  static final Duration LOOK = Duration.ofMinutes(2);

  /** What {@code idle} asks for. */
  private static final long QUIET_MILLIS = 60_000;

  private final AgentPorts ports;

  Patience(AgentPorts ports) {
    this.ports = ports;
  }

  /**
   * What the device does instead of that stage ("waits for ..."); empty when it may go on. The text
   * is the same as long as the cause is.
   */
  Optional<String> unmet(Job job, Stage stage, DeviceRecord record) {
    Conditions asked = job.conditions();
    if (record.activeContent().isEmpty()) {
      return Optional.empty(); // nothing listens: there is nothing to be considerate of
    }
    return power(asked)
        .or(
            () ->
                switch (stage) {
                  case DOWNLOAD -> budget(asked, record.books().budget());
                  case SWAP -> idle(asked);
                });
  }

  /** When to look again after that answer. */
  Duration until(Job job, Stage stage, Budget budget) {
    if (power(job.conditions()).isPresent()) {
      return LOOK;
    }
    return switch (stage) {
      case DOWNLOAD -> Duration.ofMillis(Math.min(budget.millisLeft(), 3_600_000));
      case SWAP ->
          Duration.ofMillis(
              Math.clamp(
                  QUIET_MILLIS - ports.listening().vitals().quietMillis(), 1000, QUIET_MILLIS));
    };
  }

  private Optional<String> power(Conditions asked) {
    if (!asked.askForPower()) {
      return Optional.empty();
    }
    Supply.Reading now = ports.supply().read();
    if (now.charging()) {
      return Optional.empty();
    }
    if (asked.charging()) {
      return Optional.of("waits for the charger");
    }
    return now.percent() < asked.batteryMinPct()
        ? Optional.of("waits for " + asked.batteryMinPct() + " % of charge")
        : Optional.empty();
  }

  private static Optional<String> budget(Conditions asked, Budget budget) {
    return asked.dailyBytes() > 0 && budget.bytes() >= asked.dailyBytes()
        ? Optional.of("waits for tomorrow: today's " + asked.dailyBytes() + " bytes are used")
        : Optional.empty();
  }

  private Optional<String> idle(Conditions asked) {
    return asked.idle() && ports.listening().vitals().quietMillis() < QUIET_MILLIS
        ? Optional.of("waits for a minute without a wake")
        : Optional.empty();
  }
}
