package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.Census;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Adds up what partitions say about whom a rollout would reach. */
final class Censuses {
  private static final int LARGEST_SAMPLE = 100;

  private Censuses() {}

  static Census add(Collection<Census> parts) {
    Census.Builder sum = Census.newBuilder();
    Map<String, Integer> excluded = new TreeMap<>();
    Map<String, Census.Stratum> strata = new TreeMap<>();
    TreeSet<String> sample = new TreeSet<>();
    for (Census part : parts) {
      sum.setKnown(sum.getKnown() + part.getKnown())
          .setReachable(sum.getReachable() + part.getReachable());
      sample.addAll(part.getSampleList());
      for (Census.Exclusion exclusion : part.getExcludedList()) {
        excluded.merge(exclusion.getReason(), exclusion.getDevices(), Integer::sum);
      }
      for (Census.Stratum stratum : part.getStrataList()) {
        strata.merge(stratum.getHomeValue() + "/" + stratum.getChip(), stratum, Censuses::add);
      }
    }
    excluded.forEach(
        (reason, devices) ->
            sum.addExcluded(Census.Exclusion.newBuilder().setReason(reason).setDevices(devices)));
    return sum.addAllStrata(strata.values())
        .addAllSample(sample.stream().limit(LARGEST_SAMPLE).toList())
        .build();
  }

  private static Census.Stratum add(Census.Stratum a, Census.Stratum b) {
    return a.toBuilder()
        .setDevices(a.getDevices() + b.getDevices())
        .setHours(a.getHours() + b.getHours())
        .setListeningHours(a.getListeningHours() + b.getListeningHours())
        .setFalseAccepts(a.getFalseAccepts() + b.getFalseAccepts())
        .setEnergyUj(a.getEnergyUj() + b.getEnergyUj())
        .build();
  }
}
