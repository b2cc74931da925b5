package dev.earshot.agent;

import dev.earshot.agent.port.Listening.Vitals;
import dev.earshot.agent.port.Timers;
import dev.earshot.agent.update.Books;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.TrialBounds;
import dev.earshot.agent.update.UpdateState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks at a model while it is on trial. Runs on the agent's thread. */
final class TrialWatch {
  /**
   * How often it is asked for inferences, fleet time. A model makes dozens in a second of
   * listening, so one that listened for half of this and made none is dead: no good one ever trips.
   */
  static final Duration WATCHDOG = Duration.ofMinutes(5);

  private final AgentPorts ports;

  TrialWatch(AgentPorts ports) {
    this.ports = ports;
  }

  /**
   * Goes on until the timers are cancelled, or it barks.
   *
   * @param timers takes each timer that is started
   * @param dead hears what is wrong, at most once
   */
  void watch(Consumer<Timers.Timer> timers, Consumer<String> dead) {
    watch(ports.listening().vitals(), timers, dead);
  }

  private void watch(Vitals before, Consumer<Timers.Timer> timers, Consumer<String> dead) {
    timers.accept(
        ports
            .timers()
            .afterFleet(
                WATCHDOG,
                () -> {
                  Vitals now = ports.listening().vitals();
                  long listened = now.listeningMillis() - before.listeningMillis();
                  if (now.inferences() == before.inferences()
                      && listened >= WATCHDOG.toMillis() / 2) {
                    dead.accept("watchdog: no inference in " + listened / 1000 + " s of listening");
                  } else {
                    watch(now, timers, dead);
                  }
                }));
  }

  /** What the figures so far say against the model on trial; empty in other states. */
  static Optional<String> broken(DeviceRecord record) {
    Books books = record.books();
    return record.state() instanceof UpdateState.Trial
        ? TrialBounds.broken(books.before(), books.figures())
        : Optional.empty();
  }
}
