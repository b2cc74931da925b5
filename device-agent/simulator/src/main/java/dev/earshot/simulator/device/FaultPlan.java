package dev.earshot.simulator.device;

import dev.earshot.simulator.scenario.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What goes wrong in a fleet, counted from the scenario's start. Safe for use by many threads. */
public final class FaultPlan {
  /** Nothing goes wrong. */
  public static final FaultPlan NONE = new FaultPlan(List.of(), Instant.EPOCH);

  private final List<Fault> faults;
  private final long startMillis;
  private final ConcurrentMap<String, GroupFaults> byGroup = new ConcurrentHashMap<>();

  /**
   * @param start when the scenario begins, by the fleet's clock
   */
  public FaultPlan(List<Fault> faults, Instant start) {
    this.faults = List.copyOf(faults);
    this.startMillis = start.toEpochMilli();
  }

  /** Those that may hit that group; one for all of its devices. */
  GroupFaults of(String group) {
    return byGroup.computeIfAbsent(group, name -> new GroupFaults(faults, startMillis, name));
  }

  /** Those of a kind that hits no device but what all share. */
  List<Fault> of(Fault.Kind kind) {
    return faults.stream().filter(fault -> fault.kind() == kind).toList();
  }

  /** Unix milliseconds of fleet time at that time since the start. */
  long at(Duration sinceStart) {
    return startMillis + sinceStart.toMillis();
  }
}
