package dev.earshot.simulator.world;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes a fleet's devices from a seed. Device {@code i} is the same whatever the fleet's size, so a
 * larger fleet contains the smaller one. Environments follow a low-discrepancy sequence (additive
 * recurrence by the golden ratio), so that their shares hold even in a small fleet; everything else
 * is drawn.
 */
public final class Population {
  private static final double GOLDEN_RATIO = 0.6180339887498949;
  private static final double MEAN_HOST_POWER_MILLIWATTS = 2.0;
  private static final double CHIP_ENERGY_DEVIATION = 0.04;
  private static final long STREAM = 1;

  private final String fleet;
  private final long seed;
  private final PopulationMix mix;
  private final double origin;

  public Population(String fleet, long seed, PopulationMix mix) {
    this.fleet = fleet;
    this.seed = seed;
    this.mix = mix;
    this.origin = RandomStream.of(seed, STREAM).nextDouble();
  }

  /** The device with that number, from 0. */
  public DeviceProfile device(int index) {
    RandomStream random = RandomStream.of(seed, STREAM, index);
    double position = (origin + index * GOLDEN_RATIO) % 1;
    PopulationMix.Region region = region(random.nextDouble());
    DeviceAttributes attributes =
        DeviceAttributes.newBuilder()
            .setChip(mix.chip())
            .setRegion(region.name())
            .setFirmware(firmware(random.nextDouble()))
            .setHardware("earshot-sim-r1")
            .setUtcOffsetMinutes(region.utcOffsetMinutes())
            .build();
    return new DeviceProfile(
        index,
        id(fleet, index),
        attributes,
        environment(position),
        Draws.gammaWithMeanOne(random, mix.overdispersionShape()),
        mix.lowestDuty() + (1 - mix.lowestDuty()) * random.nextDouble(),
        mix.wakeAttemptsPerDay() * Draws.gammaWithMeanOne(random, 2),
        Math.max(.5, 1 + CHIP_ENERGY_DEVIATION * random.nextGaussian()),
        MEAN_HOST_POWER_MILLIWATTS * Draws.gammaWithMeanOne(random, 16));
  }

  /** The identity of the device with that number. */
  public static DeviceId id(String fleet, int index) {
    return new DeviceId(fleet, String.format(Locale.ROOT, "sim-%06d", index));
  }

  private Environment environment(double position) {
    Map<Environment, Double> shares = mix.environments();
    List<Environment> present =
        Labels.environments().stream().filter(e -> shares.getOrDefault(e, 0.0) > 0).toList();
    return pick(position, present, present.stream().map(shares::get).toList());
  }

  private PopulationMix.Region region(double position) {
    return pick(
        position, mix.regions(), mix.regions().stream().map(PopulationMix.Region::share).toList());
  }

  private String firmware(double position) {
    List<String> versions = new ArrayList<>(mix.firmwares().keySet());
    versions.sort(null); // the map's own order differs from run to run
    return pick(position, versions, versions.stream().map(mix.firmwares()::get).toList());
  }

  private static <T> T pick(double position, List<T> choices, List<Double> shares) {
    double left = position * shares.stream().mapToDouble(Double::doubleValue).sum();
    for (int i = 0; i < choices.size(); i++) {
      left -= shares.get(i);
      if (left < 0) {
        return choices.get(i);
      }
    }
    return choices.getLast();
  }
}
