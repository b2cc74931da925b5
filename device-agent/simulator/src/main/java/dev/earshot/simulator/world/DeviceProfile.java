package dev.earshot.simulator.world;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.Environment;

/**
 * What a device is, and stays, for its whole life.
 *
 * @param index its number in the fleet, from 0
 * @param id its identity, {@code sim-<index>} in its fleet
 * @param attributes what it tells about itself
 * @param environment where it stands
 * @param falseAcceptMultiplier how noisy its particular spot is, against the mean of its
 *     environment; mean 1 over the fleet
 * @param duty share of the time that it listens, above 0 and at most 1
 * @param wakeAttemptsPerDay how often somebody says the wake word to it
 * @param chipEnergyFactor its chip's energy against the model's; mean 1
 * @param hostPowerMilliwatts what everything but the chip draws, on average
 */
public record DeviceProfile(
    int index,
    DeviceId id,
    DeviceAttributes attributes,
    Environment environment,
    double falseAcceptMultiplier,
    double duty,
    double wakeAttemptsPerDay,
    double chipEnergyFactor,
    double hostPowerMilliwatts) {

  public DeviceProfile {
    require(falseAcceptMultiplier >= 0, "falseAcceptMultiplier", falseAcceptMultiplier, ">= 0");
    require(duty > 0 && duty <= 1, "duty", duty, "above 0, at most 1");
    require(wakeAttemptsPerDay >= 0, "wakeAttemptsPerDay", wakeAttemptsPerDay, ">= 0");
    require(chipEnergyFactor > 0, "chipEnergyFactor", chipEnergyFactor, "> 0");
    require(hostPowerMilliwatts >= 0, "hostPowerMilliwatts", hostPowerMilliwatts, ">= 0");
  }

  private static void require(boolean holds, String field, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: " + expected + ")");
    }
  }
}
