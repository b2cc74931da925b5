package dev.earshot.rollout;

import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.ControlPlane.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often what was decided, by rollout: a count over the audit trails, continued at each reading.
 * Every kind is there from a rollout's first entry on, because a rate over a series that is born
 * with its first event misses that event. Read anew after a restart, the counts are the same.
 */
final class DecisionCounts {
  private static final int PAGE = 1000;
  private static final List<String> KINDS =
      List.of(
          "started",
          "offers_done",
          "stage_proven",
          "stage_passed",
          "paused",
          "resumed",
          "rollback_started",
          "rolled_back",
          "succeeded",
          "cancelled",
          "revoked",
          "revert_started");

  private final ControlPlane plane;
  private final Map<String, SortedMap<String, Long>> counts = new HashMap<>();
  private int next;

  DecisionCounts(ControlPlane plane) {
    this.plane = plane;
  }

  /** Reads what was written since. */
  synchronized void read() {
    List<Entry> page;
    do {
      page = plane.log(next, PAGE);
      next += page.size();
      for (Entry entry : page) {
        count(entry.event().getRollout()).merge(entry.event().getKind(), 1L, Long::sum);
      }
    } while (page.size() == PAGE);
  }

  /** A rollout's decisions by kind. */
  synchronized SortedMap<String, Long> of(String rollout) {
    return new TreeMap<>(count(rollout));
  }

  private SortedMap<String, Long> count(String rollout) {
    return counts.computeIfAbsent(
        rollout,
        absent -> {
          SortedMap<String, Long> zeroes = new TreeMap<>();
          KINDS.forEach(kind -> zeroes.put(kind, 0L));
          return zeroes;
        });
  }
}
