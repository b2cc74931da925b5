package dev.earshot.simulator.device;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what a fleet does, for people who watch it. Safe for use by many threads. */
public final class FleetTally {
  private final LongAdder connected = new LongAdder();
  private final LongAdder connects = new LongAdder();
  private final LongAdder connectionsLost = new LongAdder();
  private final LongAdder heartbeatsPublished = new LongAdder();
  private final LongAdder heartbeatsAcknowledged = new LongAdder();
  private final LongAdder commands = new LongAdder();
  private final LongAdder powerCuts = new LongAdder();
  private final ConcurrentMap<String, LongAdder> releases = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> updates = new ConcurrentHashMap<>();

  /** Devices with a session at this moment. */
  public long connected() {
    return connected.sum();
  }

  /** Sessions that came up. */
  public long connects() {
    return connects.sum();
  }

  /** Sessions that ended, or never came up. */
  public long connectionsLost() {
    return connectionsLost.sum();
  }

  /** Heartbeat publications, repetitions included. */
  public long heartbeatsPublished() {
    return heartbeatsPublished.sum();
  }

  /** Heartbeats that the gateway acknowledged, each once. */
  public long heartbeatsAcknowledged() {
    return heartbeatsAcknowledged.sum();
  }

  /** Commands delivered, repetitions included. */
  public long commands() {
    return commands.sum();
  }

  /** Power cuts. */
  public long powerCuts() {
    return powerCuts.sum();
  }

  /** How many devices listen with each release. */
  public Map<String, Long> devicesByRelease() {
    return sums(releases);
  }

  /** How many devices reported each update state last; those that never updated are not in it. */
  public Map<String, Long> devicesByUpdateState() {
    return sums(updates);
  }

  void up() {
    connected.increment();
    connects.increment();
  }

  void down() {
    connected.decrement();
  }

  void connectionLost() {
    connectionsLost.increment();
  }

  void heartbeatPublished() {
    heartbeatsPublished.increment();
  }

  void heartbeatAcknowledged() {
    heartbeatsAcknowledged.increment();
  }

  void commandArrived() {
    commands.increment();
  }

  void powerCut() {
    powerCuts.increment();
  }

  void releaseChanged(@Nullable String from, @Nullable String to) {
    move(releases, from, to);
  }

  void updateChanged(@Nullable String from, @Nullable String to) {
    move(updates, from, to);
  }

  private static void move(
      ConcurrentMap<String, LongAdder> gauge, @Nullable String from, @Nullable String to) {
    if (from != null) {
      gauge.computeIfAbsent(from, key -> new LongAdder()).decrement();
    }
    if (to != null) {
      gauge.computeIfAbsent(to, key -> new LongAdder()).increment();
    }
  }

  private static Map<String, Long> sums(ConcurrentMap<String, LongAdder> gauge) {
    Map<String, Long> sums = new TreeMap<>();
    gauge.forEach((label, count) -> sums.put(label, count.sum()));
    sums.values().removeIf(count -> count == 0);
    return sums;
  }
}
