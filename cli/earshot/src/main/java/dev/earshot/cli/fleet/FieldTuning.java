package dev.earshot.cli.fleet;

import dev.earshot.protocol.release.ReleaseRef;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a fleet's scores say about one release.
 *
 * @param release that ran
 * @param fleet whose, or {@code all fleets}
 * @param runningThreshold of that release
 * @param environments in monitoring's order
 * @param total of all environments
 */
record FieldTuning(
    ReleaseRef release,
    String fleet,
    int runningThreshold,
    List<FieldTradeOff> environments,
    FieldTradeOff total) {

  FieldTuning {
    environments = List.copyOf(environments);
  }

  static FieldTuning of(
      ReleaseRef release, String fleet, int runningThreshold, List<FieldScores> scores) {
    if (scores.stream().allMatch(one -> one.listeningHours() == 0)) {
      throw new IllegalArgumentException(
          release
              + ": nobody in "
              + fleet
              + " has listened with it yet (expected: at least one heartbeat)");
    }
    return new FieldTuning(
        release,
        fleet,
        runningThreshold,
        scores.stream().map(one -> new FieldTradeOff(one, runningThreshold)).toList(),
        new FieldTradeOff(FieldScores.total(scores), runningThreshold));
  }

  /** Every environment's point at a threshold, by label. */
  Map<String, FieldTradeOff.Point> at(int threshold) {
    return environments.stream()
        .collect(Collectors.toMap(one -> one.scores().environment(), one -> one.at(threshold)));
  }
}
