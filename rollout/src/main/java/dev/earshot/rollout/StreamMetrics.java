package dev.earshot.rollout;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/**
 * What the topology counts. Work that a transaction took back is counted too: these are for rates,
 * not for sums that must balance.
 */
public final class StreamMetrics {
  private final Counter heartbeats;
  private final Counter statuses;
  private final Counter damaged;
  private final Counter commands;
  private final Counter offers;
  private final Counter walks;
  private final Counter walked;
  private final Counter walkSeconds;

  public StreamMetrics(CollectorRegistry registry) {
    heartbeats =
        Counter.build("earshot_rollout_heartbeats_total", "Heartbeats, by what became of them")
            .labelNames("verdict")
            .register(registry);
    statuses =
        Counter.build("earshot_rollout_statuses_total", "Device statuses").register(registry);
    damaged =
        Counter.build("earshot_rollout_damaged_total", "Messages that could not be parsed")
            .register(registry);
    commands =
        Counter.build("earshot_rollout_commands_total", "Commands written, repeats included")
            .labelNames("kind")
            .register(registry);
    offers =
        Counter.build("earshot_rollout_assignments_total", "Changes of assignments, by arm")
            .labelNames("arm", "state")
            .register(registry);
    walks =
        Counter.build("earshot_rollout_walks_total", "Looks at all devices of a partition")
            .register(registry);
    walked =
        Counter.build("earshot_rollout_walked_devices_total", "Devices that were looked at in them")
            .register(registry);
    walkSeconds =
        Counter.build("earshot_rollout_walk_seconds_total", "Time spent in them")
            .register(registry);
  }

  /** A heartbeat was looked at; {@code verdict} is a word of the delivery window. */
  public void heartbeat(String verdict) {
    heartbeats.labels(verdict).inc();
  }

  public void status() {
    statuses.inc();
  }

  public void damaged() {
    damaged.inc();
  }

  /** A command was written: {@code install}, {@code revert} or {@code cancel}. */
  public void command(String kind) {
    commands.labels(kind).inc();
  }

  /** An assignment was published. */
  public void assignment(String arm, String state) {
    offers.labels(arm, state).inc();
  }

  /** Some devices of a partition were looked at, the last ones of the walk when it has ended. */
  public void walked(long devices, double seconds, boolean ended) {
    walked.inc(devices);
    walkSeconds.inc(seconds);
    if (ended) {
      walks.inc();
    }
  }
}
