package dev.earshot.rollout.assignment;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.Census;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.ReleaseHistory;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts whom a rollout would reach among the devices of one partition, and what they do now. */
public final class CensusTally {
  /** How many devices are named. */
  public static final int LARGEST_SAMPLE = 100;

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final Census.Builder census = Census.newBuilder();
  private final Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
  private final Map<String, Census.Stratum.Builder> strata = new TreeMap<>();
  private final TreeSet<String> sample = new TreeSet<>();

  /** Why a device of the cohort would not take part. */
  enum Exclusion {
    OTHER_CHIP,
    ALREADY_HAS_IT,
    IN_ANOTHER_ROLLOUT,
    UNKNOWN_RELEASE,
    NOT_HEARD;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  void addKnown() {
    census.setKnown(census.getKnown() + 1);
  }

  void addExcluded(Exclusion exclusion) {
    excluded.merge(exclusion, 1, Integer::sum);
  }

  void addReachable(DeviceId id, DeviceRecord device, Instant now) {
    census.setReachable(census.getReachable() + 1);
    String name = id.toString();
    if (sample.size() < LARGEST_SAMPLE || name.compareTo(sample.last()) < 0) {
      sample.add(name);
      if (sample.size() > LARGEST_SAMPLE) {
        sample.pollLast();
      }
    }
    List<EnvironmentCounts> counts =
        Histories.of(device.getHistoriesList(), device.getActiveRelease());
    Environment home = EnvironmentSums.home(counts);
    String chip = device.getAttributes().getChip();
    Census.Stratum.Builder stratum =
        strata.computeIfAbsent(
            home.getNumber() + "/" + chip,
            key -> Census.Stratum.newBuilder().setHome(home).setChip(chip));
    stratum.setDevices(stratum.getDevices() + 1).setHours(stratum.getHours() + hours(device, now));
    for (EnvironmentCounts each : counts) {
      stratum
          .setListeningHours(stratum.getListeningHours() + each.getListeningMs() / MILLIS_PER_HOUR)
          .setFalseAccepts(stratum.getFalseAccepts() + each.getFalseAccepts())
          .setEnergyUj(stratum.getEnergyUj() + each.getEnergyUj());
    }
  }

  /** The count. */
  public Census census() {
    Census.Builder to = census.clone().addAllSample(sample);
    excluded.forEach(
        (reason, devices) ->
            to.addExcluded(
                Census.Exclusion.newBuilder().setReason(reason.word()).setDevices(devices)));
    strata.values().forEach(to::addStrata);
    return to.build();
  }

  /** Over how much time the device's counts on its present release were gathered. */
  private static double hours(DeviceRecord device, Instant now) {
    for (ReleaseHistory history : device.getHistoriesList()) {
      if (history.getRelease().equals(device.getActiveRelease())) {
        double current = (now.toEpochMilli() - history.getWindowStartMs()) / MILLIS_PER_HOUR;
        return current + (history.getPreviousCount() > 0 ? Histories.WINDOW.toHours() : 0);
      }
    }
    return 0;
  }
}
