package dev.earshot.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.protocol.v1.Environment;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PopulationTest {
  private static List<DeviceProfile> devices(long seed, int count) {
    Population population = new Population("home", seed, PopulationMix.standard());
    return IntStream.range(0, count).mapToObj(population::device).toList();
  }

  @Test
  void sameSeed_givesSameDevices() {
    assertEquals(devices(5, 200), devices(5, 200));
    assertNotEquals(devices(5, 200), devices(6, 200));
  }

  @Test
  void smallFleet_hasTheMixOfEnvironmentsWithinOneDevice() {
    Map<Environment, Long> counts =
        devices(5, 100).stream()
            .collect(Collectors.groupingBy(DeviceProfile::environment, Collectors.counting()));
    assertEquals(25, counts.getOrDefault(Environment.QUIET, 0L), 1);
    assertEquals(30, counts.getOrDefault(Environment.KITCHEN, 0L), 1);
    assertEquals(20, counts.getOrDefault(Environment.CAR, 0L), 1);
    assertEquals(15, counts.getOrDefault(Environment.FACTORY, 0L), 1);
    assertEquals(10, counts.getOrDefault(Environment.STADIUM, 0L), 1);
  }

  @Test
  void largeFleet_hasTheMomentsOfItsMix() {
    List<DeviceProfile> devices = devices(5, 20_000);
    assertEquals(1, mean(devices, DeviceProfile::falseAcceptMultiplier), .03);
    assertEquals(
        2,
        mean(devices, d -> d.falseAcceptMultiplier() * d.falseAcceptMultiplier()),
        .15,
        "second moment of an exponential with mean 1");
    assertEquals(.7, mean(devices, DeviceProfile::duty), .01);
    assertEquals(24, mean(devices, DeviceProfile::wakeAttemptsPerDay), .5);
    assertEquals(.5, mean(devices, d -> d.attributes().getRegion().equals("eu") ? 1.0 : 0.0), .015);
  }

  @Test
  void sharesThatAreAllZero_areRefusedByName() {
    PopulationMix mix = PopulationMix.standard();
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new PopulationMix(
                    Map.of(Environment.CAR, 0.0),
                    mix.regions(),
                    mix.firmwares(),
                    "ndp120",
                    1,
                    .4,
                    24,
                    .6));
    assertEquals(
        "environments: 0.0 (expected: shares that sum to more than 0)", refused.getMessage());
  }

  private static double mean(List<DeviceProfile> devices, Function<DeviceProfile, Double> value) {
    return devices.stream().mapToDouble(value::apply).average().orElseThrow();
  }
}
