package dev.earshot.rollout.preview;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.Census;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whom a plan would reach.
 *
 * @param known devices that were asked
 * @param reachable those in the cohort that are free to take part
 * @param excluded those in the cohort that are not, by reason
 * @param habitats the reachable ones by the environment in which they listened most
 * @param chips the reachable ones by chip
 * @param sample some of them, {@code fleet/device}
 */
public record Audience(
    long known,
    long reachable,
    List<Excluded> excluded,
    List<Habitat> habitats,
    List<Chip> chips,
    List<String> sample) {

  /** Devices in the cohort that can't take part now, and the word that says why. */
  public record Excluded(String reason, long devices) {}

  /** Devices of one chip. */
  public record Chip(String chip, long devices) {}

  /**
   * Devices at home in one environment, since they run their present release.
   *
   * @param environment its label
   * @param devices how many
   * @param falseAcceptsPerHour per listening hour; 0 when they did not listen
   * @param duty listening hours per hour, 0 to 1
   * @param historyHours hours that a device was observed, on average
   */
  public record Habitat(
      String environment,
      long devices,
      double falseAcceptsPerHour,
      double duty,
      double historyHours) {}

  public Audience {
    excluded = List.copyOf(excluded);
    habitats = List.copyOf(habitats);
    chips = List.copyOf(chips);
    sample = List.copyOf(sample);
  }

  static Audience of(Census census) {
    Map<String, Sums> environments = new TreeMap<>();
    Map<String, Long> chips = new TreeMap<>();
    for (Census.Stratum stratum : census.getStrataList()) {
      environments.computeIfAbsent(Labels.of(stratum.getHome()), label -> new Sums()).add(stratum);
      String chip = stratum.getChip().isEmpty() ? "unknown" : stratum.getChip();
      chips.merge(chip, (long) stratum.getDevices(), Long::sum);
    }
    List<Habitat> habitats = new ArrayList<>();
    environments.forEach((label, sums) -> habitats.add(sums.habitat(label)));
    return new Audience(
        census.getKnown(),
        census.getReachable(),
        census.getExcludedList().stream()
            .filter(exclusion -> exclusion.getDevices() > 0)
            .map(exclusion -> new Excluded(exclusion.getReason(), exclusion.getDevices()))
            .toList(),
        habitats,
        chips.entrySet().stream().map(entry -> new Chip(entry.getKey(), entry.getValue())).toList(),
        census.getSampleList());
  }

  /** Whether a false accept was ever counted: without, nothing can be said about detection. */
  boolean hasRates() {
    return habitats.stream().anyMatch(habitat -> habitat.falseAcceptsPerHour() > 0);
  }

  /** Hours that a device was observed on its present release, on average. */
  double historyHours() {
    double hours =
        habitats.stream().mapToDouble(each -> each.historyHours() * each.devices()).sum();
    double devices = habitats.stream().mapToDouble(Habitat::devices).sum();
    return devices > 0 ? hours / devices : 0;
  }

  /** Listening hours that all of them together gather in an hour. */
  double listeningPerHour() {
    return habitats.stream().mapToDouble(each -> each.duty() * each.devices()).sum();
  }

  private static final class Sums {
    private long devices;
    private double hours;
    private double listeningHours;
    private double falseAccepts;

    void add(Census.Stratum stratum) {
      devices += stratum.getDevices();
      hours += stratum.getHours();
      listeningHours += stratum.getListeningHours();
      falseAccepts += stratum.getFalseAccepts();
    }

    Habitat habitat(String label) {
      return new Habitat(
          label,
          devices,
          listeningHours > 0 ? falseAccepts / listeningHours : 0,
          hours > 0 ? Math.min(1, listeningHours / hours) : 0,
          devices > 0 ? hours / devices : 0);
    }
  }
}
