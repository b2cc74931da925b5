package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.WaitCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up devices that wait for a condition of the plan. The texts are devices' own, so only a few
 * are kept apart: a plan has four conditions, and honest devices as many texts.
 */
public final class Waits {
  private static final int MOST = 16;
  private static final String OTHERS = "waits for something else";
  private static final Comparator<Key> ORDER =
      Comparator.comparingInt(Key::stage).thenComparing(Key::state).thenComparing(Key::text);

  private final Map<Key, Integer> devices = new TreeMap<>(ORDER);

  private record Key(int stage, AssignmentState state, String text) {}

  /** Adds one device. */
  public void add(int stage, AssignmentState state, String text) {
    add(new Key(stage, state, text), 1);
  }

  /** Adds what another partition has counted. */
  void add(WaitCount count) {
    add(new Key(count.getStage(), count.getState(), count.getText()), count.getDevices());
  }

  /** The sums, in a fixed order. */
  public List<WaitCount> counts() {
    List<WaitCount> counts = new ArrayList<>();
    devices.forEach(
        (key, number) ->
            counts.add(
                WaitCount.newBuilder()
                    .setStage(key.stage())
                    .setState(key.state())
                    .setText(key.text())
                    .setDevices(number)
                    .build()));
    return counts;
  }

  /** How many devices wait for what, the most common first. */
  public static Map<String, Long> reasons(List<WaitCount> counts) {
    Map<String, Long> byText = new TreeMap<>();
    counts.forEach(count -> byText.merge(count.getText(), (long) count.getDevices(), Long::sum));
    Map<String, Long> sorted = new LinkedHashMap<>();
    byText.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private void add(Key key, int number) {
    boolean room = devices.size() < MOST || devices.containsKey(key);
    devices.merge(room ? key : new Key(key.stage(), key.state(), OTHERS), number, Integer::sum);
  }
}
