package dev.earshot.cli.loss;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.cli.simulate.DownstreamCount;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.verify.Counted;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows every record of the topic, duplicates and all, to the topologies of monitoring and rollout,
 * and adds up the first copy of each message beside them: both must come to the same. Used by one
 * thread.
 */
final class Downstream implements AutoCloseable {
  private final DownstreamCount services;
  private final Map<Truth.Key, Counts> expected = new HashMap<>();
  private long messages;

  Downstream() {
    Instant now = Instant.now();
    InstantSource clock = InstantSource.fixed(now);
    this.services = new DownstreamCount(clock);
  }

  /**
   * Takes in the next record.
   *
   * @param first whether it is the first of its message
   */
  void offer(String key, byte[] value, boolean first) {
    DeviceId id;
    try {
      id = DeviceId.parse(key);
    } catch (IllegalArgumentException e) {
      return; // no device's: the check has found it
    }
    services.heartbeat(id, value);
    if (!first) {
      return;
    }
    try {
      Heartbeat heartbeat = Heartbeat.parseFrom(value);
      messages++;
      expected.merge(
          new Truth.Key(heartbeat.getRelease(), heartbeat.getEnvironment()),
          Counts.of(heartbeat),
          Counts::plus);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a heartbeat of " + key, e);
    }
  }

  /** What they have counted otherwise, in words. */
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (Counted counted : services.counted()) {
      if (counted.intervals() != Counted.UNTOLD && counted.intervals() != messages) {
        differences.add(
            "%s counts %,d heartbeats (expected: %,d)"
                .formatted(counted.by(), counted.intervals(), messages));
      }
      expected.forEach(
          (key, sums) -> {
            Counts told = counted.counts().getOrDefault(key, Counts.NONE);
            Counts known = comparable(sums, told);
            if (!told.equals(known)) {
              differences.add(
                  "%s counts for %s: %s (expected: %s)".formatted(counted.by(), key, told, known));
            }
          });
    }
    return differences;
  }

  /** Rollouts do not add up inferences. */
  private static Counts comparable(Counts sums, Counts told) {
    return told.inferences() >= 0
        ? sums
        : new Counts(
            sums.listeningMillis(),
            sums.wakes(),
            sums.falseAccepts(),
            sums.suspectedFalseRejects(),
            told.inferences(),
            sums.chipMicrojoules(),
            sums.socDropMillionths(),
            sums.dischargeMillis(),
            sums.crashfreeMillis(),
            sums.reboots());
  }

  @Override
  public void close() {
    services.close();
  }
}
