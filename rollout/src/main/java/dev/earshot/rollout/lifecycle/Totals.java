package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.Census;
import dev.earshot.protocol.v1.PartitionSummary;
import dev.earshot.protocol.v1.RateSumsMessage;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.StateCount;
import dev.earshot.protocol.v1.WaitCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all partitions together say about a rollout now.
 *
 * @param sum of the counts and censuses; without rates and sums
 * @param rates raw sums of every partition
 * @param sums sums of the running stage of every partition
 * @param seesStage every partition works on the current stage
 * @param seesRevision every partition has acted on the newest decision
 * @param seesRates every partition has weighed its devices with the current rates
 * @param releasedEverywhere every partition may start every clock
 */
record Totals(
    PartitionSummary sum,
    List<RateSumsMessage> rates,
    List<StageSums> sums,
    boolean seesStage,
    boolean seesRevision,
    boolean seesRates,
    boolean releasedEverywhere) {

  /** Adds up a rollout's summaries; nothing is seen by everybody until all partitions have one. */
  static Totals of(RolloutRecord record, int partitions) {
    RolloutSnapshot snapshot = record.getSnapshot();
    PartitionSummary.Builder sum = PartitionSummary.newBuilder();
    Map<Integer, Map<AssignmentState, Integer>> treated = new TreeMap<>();
    List<RateSumsMessage> rates = new ArrayList<>();
    List<StageSums> sums = new ArrayList<>();
    List<Census> censuses = new ArrayList<>();
    Waits waits = new Waits();
    boolean all = record.getSummariesCount() == partitions;
    boolean stage = all;
    boolean revision = all;
    boolean version = all;
    boolean released = all;
    for (PartitionSummary summary : record.getSummariesList()) {
      stage &= summary.getStage() == snapshot.getPhase().getStage();
      revision &= summary.getRevision() == snapshot.getRevision();
      version &= summary.getRatesVersion() == snapshot.getRatesVersion();
      released &= summary.getReleased() >= 1;
      add(sum, summary);
      summary.getTreatedList().forEach(count -> add(treated, count));
      summary.getWaitsList().forEach(waits::add);
      rates.addAll(summary.getRatesList());
      sums.add(summary.getSums());
      if (summary.hasCensus()) {
        censuses.add(summary.getCensus());
      }
    }
    if (censuses.size() == partitions) {
      sum.setCensus(Censuses.add(censuses));
    }
    sum.addAllWaits(waits.counts());
    treated.forEach(
        (number, states) ->
            states.forEach(
                (state, devices) ->
                    sum.addTreated(
                        StateCount.newBuilder()
                            .setStage(number)
                            .setState(state)
                            .setDevices(devices))));
    return new Totals(
        sum.build(), List.copyOf(rates), List.copyOf(sums), stage, revision, version, released);
  }

  /** How treated devices fare. */
  Updates updates() {
    return Updates.of(sum.getTreatedList());
  }

  /** How many wait for a condition of the plan, and for which, in words; empty when nobody does. */
  String waits() {
    List<String> words = new ArrayList<>();
    Waits.reasons(sum.getWaitsList())
        .forEach((text, devices) -> words.add(devices + " " + text.replaceFirst("^waits", "wait")));
    return String.join(", ", words);
  }

  /** Devices that get a real offer in that stage: offered or waiting. */
  long drawnIn(int stage) {
    long offered = 0;
    for (StateCount count : sum.getTreatedList()) {
      offered += count.getStage() == stage ? count.getDevices() : 0;
    }
    return offered + sum.getTreatedWaiting();
  }

  /**
   * Devices drawn in that stage that no longer take from the registry's line, or do not now: who
   * waits for a charger holds nobody up.
   */
  long downloadedIn(int stage) {
    long done = 0;
    for (StateCount count : sum.getTreatedList()) {
      boolean loads =
          count.getState() == AssignmentState.ASSIGNMENT_OFFERED
              || count.getState() == AssignmentState.ASSIGNMENT_DOWNLOADING;
      done += count.getStage() == stage && !loads ? count.getDevices() : 0;
    }
    for (WaitCount count : sum.getWaitsList()) {
      boolean loads =
          count.getState() == AssignmentState.ASSIGNMENT_OFFERED
              || count.getState() == AssignmentState.ASSIGNMENT_DOWNLOADING;
      done += count.getStage() == stage && loads ? count.getDevices() : 0;
    }
    return done;
  }

  private static void add(Map<Integer, Map<AssignmentState, Integer>> treated, StateCount count) {
    treated
        .computeIfAbsent(count.getStage(), stage -> new TreeMap<>())
        .merge(count.getState(), count.getDevices(), Integer::sum);
  }

  private static void add(PartitionSummary.Builder sum, PartitionSummary more) {
    sum.setTreatedWaiting(sum.getTreatedWaiting() + more.getTreatedWaiting())
        .setControlWaiting(sum.getControlWaiting() + more.getControlWaiting())
        .setControlRunning(sum.getControlRunning() + more.getControlRunning())
        .setReverting(sum.getReverting() + more.getReverting())
        .setReverted(sum.getReverted() + more.getReverted())
        .setUnreachable(sum.getUnreachable() + more.getUnreachable())
        .setStranded(sum.getStranded() + more.getStranded());
  }
}
