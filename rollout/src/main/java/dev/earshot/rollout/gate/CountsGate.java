package dev.earshot.rollout.gate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares event counts (false accepts; false rejects with wake attempts as exposure) of treated
 * and control devices: a stratified negative-binomial score test with each device's history, made
 * always valid by a normal mixture on the information clock.
 *
 * <pre>
 * U = sum U_s;  A = sum A_s;  V = max(sum V_s, A)        see {@link CountsScore}
 * S = U A / V;  J = A^2 / V;  e = mixture(S, J)          see {@link NormalMixture}
 * </pre>
 *
 * <p>Variance is taken over devices, so that a device with many events does not pass for many
 * devices. Asymptotic in the number of devices: measured at or below its alpha in simulated fleets
 * whose devices differ in various ways, not proved for every fleet. The variances of strata add up
 * as if no device were in two of them: devices that wander leave the pooled variance too small, by
 * a third in the extreme case of four environments shared evenly by all.
 *
 * <p>Sources: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory
 * and asymptotic confidence sequences" (arXiv 2103.06476); Muetze et al. (2018) for the information
 * clock of negative binomial scores; Howard et al. (2021) for the mixture.
 *
 * <p>Over several machines: (1) each partition adds up {@link RateSums} per stratum; (2) the global
 * sums give {@link RateSums#rates}, which go back to the partitions with a version; (3) each
 * partition computes {@link ArmSums#of} per stratum and arm with that version; (4) the sums added
 * over partitions go into {@link #evaluate(Map, BlockTotals, CountsSettings)}.
 */
public final class CountsGate {
  private CountsGate() {}

  /**
   * Evaluates the running block on top of finished ones.
   *
   * @param arms sums of every stratum of the rollout, empty strata included
   * @param before totals of finished blocks at the same settings, {@link BlockTotals#NONE} in the
   *     first
   */
  public static CountsEvaluation evaluate(
      Map<String, TwoArms> arms, BlockTotals before, CountsSettings settings) {
    BlockTotals totals = before.plus(BlockTotals.of(arms));
    NavigableMap<String, Evidence> evidence = new TreeMap<>();
    totals.strata().forEach((name, score) -> evidence.put(name, Evidence.of(score, settings)));
    return new CountsEvaluation(
        settings, Evidence.of(totals.pooled(), settings), evidence, totals, new TreeMap<>(arms));
  }

  /** Evaluates devices on a single machine; the strata are those that occur. */
  public static CountsEvaluation evaluate(Collection<Device> devices, CountsSettings settings) {
    return evaluate(devices, Set.of(), settings);
  }

  /**
   * Evaluates all blocks of a rollout from its devices, on a single machine.
   *
   * @param strata strata of the rollout, counted also when no device is in them yet
   */
  public static CountsEvaluation evaluate(
      Collection<Device> devices, Set<String> strata, CountsSettings settings) {
    int last = 0;
    for (Device device : devices) {
      for (DeviceCounts.FinishedBlock block : device.counts().finished()) {
        last = Math.max(last, block.block() + 1);
      }
    }
    BlockTotals before = BlockTotals.NONE;
    Map<String, List<Double>> rates = new TreeMap<>();
    for (int block = 0; block < last; block++) {
      Map<String, TwoArms> arms = arms(asOf(devices, block), rates, settings);
      before = before.plus(BlockTotals.of(arms));
      for (Device device : devices) {
        rates.putIfAbsent(device.stratum(), new ArrayList<>());
      }
      rates.forEach(
          (stratum, list) ->
              list.add(CountsScore.of(arms.getOrDefault(stratum, TwoArms.NONE)).rate()));
    }
    Map<String, TwoArms> running = arms(devices, rates, settings);
    for (String stratum : strata) {
      running.putIfAbsent(stratum, TwoArms.NONE);
    }
    return evaluate(running, before, settings);
  }

  /**
   * The sums of each stratum of {@code devices} in their running block, with rates taken from the
   * same devices.
   *
   * @param finishedRates per stratum the rate c of each finished block; a stratum may be absent
   *     before the second block
   */
  public static Map<String, TwoArms> arms(
      Collection<Device> devices,
      Map<String, List<Double>> finishedRates,
      CountsSettings settings) {
    Map<String, Arms> grouped = new TreeMap<>();
    for (Device device : devices) {
      Arms arms = grouped.computeIfAbsent(device.stratum(), stratum -> new Arms());
      (device.treated() ? arms.treated : arms.control).add(device.counts());
    }
    Map<String, TwoArms> sums = new TreeMap<>();
    grouped.forEach(
        (stratum, arms) -> {
          List<DeviceCounts> all = new ArrayList<>(arms.treated);
          all.addAll(arms.control);
          StratumRates rates =
              RateSums.of(all).rates(finishedRates.getOrDefault(stratum, List.of()));
          sums.put(
              stratum,
              new TwoArms(
                  ArmSums.of(arms.treated, true, rates, settings),
                  ArmSums.of(arms.control, false, rates, settings)));
        });
    return sums;
  }

  /** The devices that took part in {@code block}, as they stood at its end. */
  private static List<Device> asOf(Collection<Device> devices, int block) {
    List<Device> then = new ArrayList<>();
    for (Device device : devices) {
      DeviceCounts counts = device.counts();
      List<DeviceCounts.FinishedBlock> finished = counts.finished();
      for (int i = 0; i < finished.size(); i++) {
        DeviceCounts.FinishedBlock running = finished.get(i);
        if (running.block() == block) {
          then.add(
              new Device(
                  device.id(),
                  device.stratum(),
                  running.treated(),
                  new DeviceCounts(
                      running.exposureHours(),
                      running.count(),
                      counts.priorExposureHours(),
                      counts.priorCount(),
                      finished.subList(0, i))));
        }
      }
    }
    return then;
  }

  private static final class Arms {
    final List<DeviceCounts> treated = new ArrayList<>();
    final List<DeviceCounts> control = new ArrayList<>();
  }
}
