package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.gate.DeviceCounts;
import dev.earshot.rollout.gate.DeviceCounts.FinishedBlock;
import java.util.ArrayList;
import java.util.List;

/** What a device contributes to a gate, from its enrolment. */
final class DeviceRows {
  private DeviceRows() {}

  /** Its counts of one metric in one environment; the last block is the running one. */
  static DeviceCounts of(Enrolment enrolment, CountMetric metric, Environment environment) {
    EnvironmentCounts prior = find(enrolment.getPriorList(), environment);
    List<FinishedBlock> finished = new ArrayList<>();
    int last = enrolment.getBlocksCount() - 1;
    for (Enrolment.Block block : enrolment.getBlocksList().subList(0, last)) {
      EnvironmentCounts counts = find(block.getCountsList(), environment);
      if (metric.exposure(counts) > 0) {
        finished.add(
            new FinishedBlock(
                block.getStage() - 1,
                block.getTreated(),
                metric.exposure(counts),
                metric.count(counts)));
      }
    }
    EnvironmentCounts running = find(enrolment.getBlocks(last).getCountsList(), environment);
    return new DeviceCounts(
        metric.exposure(running),
        metric.count(running),
        metric.exposure(prior),
        metric.count(prior),
        finished);
  }

  private static EnvironmentCounts find(List<EnvironmentCounts> all, Environment environment) {
    for (EnvironmentCounts counts : all) {
      if (counts.getEnvironment() == environment) {
        return counts;
      }
    }
    return EnvironmentCounts.getDefaultInstance();
  }
}
