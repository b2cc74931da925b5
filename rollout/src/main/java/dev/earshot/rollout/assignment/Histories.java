package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.ReleaseHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a device did on the releases that it ran lately. The look-back is bounded: two windows of
 * {@link #WINDOW}, of which the older is dropped as a whole, so between one and two windows count.
 */
final class Histories {
  /** A week holds every hour of the day and every day of the week. */
  static final Duration WINDOW = Duration.ofDays(7);

  /** Two slots and one that was just replaced. */
  private static final int MOST = 3;

  private Histories() {}

  static List<ReleaseHistory> add(
      List<ReleaseHistory> histories, String release, EnvironmentCounts counts, Instant at) {
    List<ReleaseHistory> result = new ArrayList<>(histories);
    ReleaseHistory history =
        ReleaseHistory.newBuilder().setRelease(release).setWindowStartMs(at.toEpochMilli()).build();
    for (int i = 0; i < result.size(); i++) {
      if (result.get(i).getRelease().equals(release)) {
        history = result.remove(i);
        break;
      }
    }
    if (result.size() == MOST) {
      result.removeFirst();
    }
    result.add(added(rotated(history, at), counts));
    return result;
  }

  /** Everything that counts about {@code release}. */
  static List<EnvironmentCounts> of(List<ReleaseHistory> histories, String release) {
    for (ReleaseHistory history : histories) {
      if (history.getRelease().equals(release)) {
        return EnvironmentSums.add(history.getPreviousList(), history.getCurrentList());
      }
    }
    return List.of();
  }

  private static ReleaseHistory added(ReleaseHistory history, EnvironmentCounts counts) {
    return history.toBuilder()
        .clearCurrent()
        .addAllCurrent(EnvironmentSums.add(history.getCurrentList(), counts))
        .build();
  }

  private static ReleaseHistory rotated(ReleaseHistory history, Instant at) {
    long age = at.toEpochMilli() - history.getWindowStartMs();
    if (age < WINDOW.toMillis()) {
      return history;
    }
    ReleaseHistory.Builder fresh =
        ReleaseHistory.newBuilder()
            .setRelease(history.getRelease())
            .setWindowStartMs(at.toEpochMilli());
    if (age < 2 * WINDOW.toMillis()) {
      fresh.addAllPrevious(history.getCurrentList());
    }
    return fresh.build();
  }
}
