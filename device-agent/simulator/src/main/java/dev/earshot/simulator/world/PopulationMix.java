package dev.earshot.simulator.world;

import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.v1.Environment;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a fleet is made of. Shares are weights: they need not sum to 1.
 *
 * @param environments share of each acoustic environment
 * @param regions share of each region
 * @param firmwares share of each firmware version
 * @param chip of every device, such as {@code ndp120}
 * @param overdispersionShape gamma shape of the false-accept multiplier: the smaller, the more
 *     devices differ; 1 means that a device's spot varies as much as its mean
 * @param lowestDuty the least share of time that a device listens; the most is 1
 * @param wakeAttemptsPerDay mean over the fleet
 * @param dailyAmplitude how much busier days are than nights, 0 to 1
 */
public record PopulationMix(
    Map<Environment, Double> environments,
    List<Region> regions,
    Map<String, Double> firmwares,
    String chip,
    double overdispersionShape,
    double lowestDuty,
    double wakeAttemptsPerDay,
    double dailyAmplitude) {

  public PopulationMix {
    environments = new EnumMap<>(environments);
    requireShares("environments", environments);
    environments = Map.copyOf(environments);
    regions = List.copyOf(regions);
    Map<String, Double> regionShares = new LinkedHashMap<>();
    regions.forEach(region -> regionShares.put(region.name(), region.share()));
    requireShares("regions", regionShares);
    requireShares("firmwares", firmwares);
    firmwares = Map.copyOf(firmwares);
    if (ChipProfile.byId(chip).isEmpty()) {
      throw new IllegalArgumentException(
          "chip: '"
              + chip
              + "' (expected: one of "
              + ChipProfile.all().stream().map(ChipProfile::id).toList()
              + ")");
    }
    require(overdispersionShape > 0, "overdispersionShape", overdispersionShape, "> 0");
    require(lowestDuty > 0 && lowestDuty <= 1, "lowestDuty", lowestDuty, "above 0, at most 1");
    require(wakeAttemptsPerDay >= 0, "wakeAttemptsPerDay", wakeAttemptsPerDay, ">= 0");
    require(dailyAmplitude >= 0 && dailyAmplitude <= 1, "dailyAmplitude", dailyAmplitude, "0 to 1");
  }

  /** Where devices are: a region's label, its share, its offset from UTC. */
  public record Region(String name, double share, int utcOffsetMinutes) {}

  /** A household-heavy fleet in three regions. */
  public static PopulationMix standard() {
    return new PopulationMix(
        Map.of(
            Environment.QUIET, .25,
            Environment.KITCHEN, .30,
            Environment.CAR, .20,
            Environment.FACTORY, .15,
            Environment.STADIUM, .10),
        List.of(
            new Region("eu", .5, 60), new Region("us", .35, -360), new Region("asia", .15, 480)),
        Map.of("2.3.0", .7, "2.4.1", .3),
        "ndp120",
        1,
        .4,
        24,
        .6);
  }

  private static void requireShares(String field, Map<?, Double> shares) {
    double sum = 0;
    for (Map.Entry<?, Double> entry : shares.entrySet()) {
      require(entry.getValue() >= 0, field + "." + entry.getKey(), entry.getValue(), ">= 0");
      sum += entry.getValue();
    }
    require(sum > 0, field, sum, "shares that sum to more than 0");
  }

  private static void require(boolean holds, String field, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: " + expected + ")");
    }
  }
}
