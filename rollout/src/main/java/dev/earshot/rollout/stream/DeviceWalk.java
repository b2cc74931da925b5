package dev.earshot.rollout.stream;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.rollout.assignment.Directive;
import dev.earshot.rollout.assignment.Directives;
import dev.earshot.rollout.assignment.Tally;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One look at all devices of a partition, in the store's order and in slices, so that neither a
 * transaction nor the messages of the devices wait for its end. All slices, and the messages
 * between them, see the same directives: the sums are of devices that were settled under the
 * revision that they name. A device that appears behind the walk is in the next one; nobody is
 * counted twice, because the walk never turns back.
 */
final class DeviceWalk {
  /** Devices between two looks at the clock. */
  private static final int STRIDE = 64;

  private final Map<String, Tally> tallies;
  private final long beganMillis;
  private @Nullable String reached;
  private long visited;

  /** What is done with each device. */
  interface Visitor {
    void visit(DeviceId id, DeviceRecord device);
  }

  DeviceWalk(Directives directives, long beganMillis, Instant judgedAt) {
    this.tallies = tallies(directives, judgedAt);
    this.beganMillis = beganMillis;
  }

  /** Whether the devices' side has anything to report, or to do by itself as time passes. */
  static boolean isUnderWay(Directives directives) {
    return directives.byPrecedence().stream().anyMatch(Directive::isWatched);
  }

  /** Sums by rollout; whole when the walk has ended. */
  Map<String, Tally> tallies() {
    return tallies;
  }

  /** Devices that were looked at so far. */
  long visited() {
    return visited;
  }

  long beganMillis() {
    return beganMillis;
  }

  /**
   * Goes on where it was left.
   *
   * @param goesOn asked every {@value #STRIDE} devices
   * @return whether the end was reached
   */
  boolean advance(
      KeyValueStore<String, DeviceRecord> store, Visitor visitor, BooleanSupplier goesOn) {
    // A new iterator each time: it must see what messages have changed meanwhile.
    try (KeyValueIterator<String, DeviceRecord> rest =
        reached == null ? store.all() : store.range(reached, null)) {
      while (rest.hasNext()) {
        KeyValue<String, DeviceRecord> entry = rest.next();
        if (entry.key.equals(reached)) {
          continue;
        }
        visitor.visit(DeviceId.parse(entry.key), entry.value);
        reached = entry.key;
        if (++visited % STRIDE == 0 && !goesOn.getAsBoolean()) {
          return false;
        }
      }
    }
    return true;
  }

  private static Map<String, Tally> tallies(Directives directives, Instant judgedAt) {
    Map<String, Tally> tallies = new HashMap<>();
    for (Directive directive : directives.byPrecedence()) {
      if (directive.isWatched()) {
        tallies.put(directive.id(), new Tally(directive, judgedAt));
      }
    }
    return tallies;
  }
}
