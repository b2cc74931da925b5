package dev.earshot.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.protocol.v1.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the world draws for the bundled releases is what was measured when they were trained. */
class BundledReleasesTest {
  private static final long HOUR = 3_600_000;
  private static final long START = 1_700_000_000_000L;

  /** 150 devices in each environment over 4 days; 4.5 deviations of a Poisson count. */
  @ParameterizedTest
  @ValueSource(strings = {"hey-nova-1.0.0", "hey-nova-1.1.0", "hey-nova-1.2.0"})
  void fleetInEachEnvironment_showsTheMeasuredRates(String folder) throws IOException {
    Evaluation evaluation = read(folder);
    Map<Environment, Behaviour> behaviours = Behaviour.of(evaluation);
    for (EnvironmentResult measured : evaluation.environments()) {
      Environment environment = Labels.environment(measured.environment());
      Population population = new Population("home", 11, only(environment));
      Behaviour behaviour = Objects.requireNonNull(behaviours.get(environment));
      Interval interval = new Interval();
      double expected = 0;
      for (int index = 0; index < 150; index++) {
        DeviceProfile device = population.device(index);
        long before = interval.listeningMillis();
        new RateAcoustics(device, .6, 11, 0).advance(START, START + 96 * HOUR, behaviour, interval);
        expected +=
            (interval.listeningMillis() - before)
                / (double) HOUR
                * device.falseAcceptMultiplier()
                * measured.falseAcceptsPerHour();
      }
      String where = folder + " in " + measured.environment();
      assertEquals(
          expected, (double) interval.falseAccepts(), 4.5 * Math.sqrt(expected) + 1e-9, where);
      double attempts = interval.wakeAttempts();
      double rate = measured.falseRejectRate();
      assertEquals(
          rate,
          interval.missedWakes() / attempts,
          4.5 * Math.sqrt(rate * (1 - rate) / attempts) + 1e-9,
          where);
    }
  }

  static PopulationMix only(Environment environment) {
    PopulationMix standard = PopulationMix.standard();
    return new PopulationMix(
        Map.of(environment, 1.0),
        List.of(new PopulationMix.Region("eu", 1, 60)),
        standard.firmwares(),
        "ndp120",
        1,
        .4,
        24,
        .6);
  }

  static Evaluation read(String folder) throws IOException {
    Path file =
        root().resolve("model-registry/releases").resolve(folder).resolve("evaluation.json");
    assumeTrue(Files.exists(file), file + " is not there: the release has not been trained");
    return JsonMapper.builder()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build()
        .readValue(file.toFile(), Evaluation.class);
  }

  static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("model-registry"))) {
      Path parent = at.getParent();
      if (parent == null) {
        throw new IllegalStateException(
            "not inside the repository: " + Path.of("").toAbsolutePath());
      }
      at = parent;
    }
    return at;
  }
}
