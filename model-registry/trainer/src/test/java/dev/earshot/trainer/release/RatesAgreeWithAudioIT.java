package dev.earshot.trainer.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.earshot.agent.port.ActiveModel;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.simulator.audio.SceneLibrary;
import dev.earshot.simulator.audio.SceneLibrary.Scene;
import dev.earshot.simulator.audio.SharedEar;
import dev.earshot.simulator.world.Acoustics;
import dev.earshot.simulator.world.AudioAcoustics;
import dev.earshot.simulator.world.Behaviour;
import dev.earshot.simulator.world.DeviceProfile;
import dev.earshot.simulator.world.Interval;
import dev.earshot.simulator.world.RateAcoustics;
import dev.earshot.trainer.recipe.RecipeReader;
import dev.earshot.trainer.speech.EspeakNg;
import dev.earshot.trainer.work.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Simulated devices that draw from a bundled release's rates do what devices do that hear: real
 * waveforms, rendered anew, through front end and engine. At the release's threshold, and at lower
 * ones where more happens.
 *
 * <p>The unit is a scene, a minute of one place: what happens in it hangs together. False accepts
 * are compared by the sum over all scenes of what was heard less what rates say, in standard
 * deviations of that sum as the scenes of each environment scatter, at the least that of Poisson
 * counts. More than 4 of them come by chance with probability 3e-4 (t distribution, 35 degrees of
 * freedom), for misses more than 6 with 1.3e-4 (10 degrees): in all 18 comparisons together 4e-3.
 * Everything is seeded. The scenes are among the 165 minutes of each environment that the
 * evaluation heard, so they agree rather too well than too badly.
 *
 * <p>Rendering takes a minute or two and needs espeak-ng; {@code target/scenes} keeps the result.
 */
class RatesAgreeWithAudioIT {
  private static final int TALK_MINUTES = 8;
  private static final int WAKE_MINUTES = 2;
  private static final int SCENE_MILLIS = 60_000;
  private static final long START = 1_700_000_000_000L;
  private static final double FALSE_ACCEPT_LIMIT = 4;
  private static final double MISS_LIMIT = 6;

  /** Enough that what is drawn from the rates scatters far less than the scenes. */
  private static final long RATE_HOURS = 4000;

  private static SceneLibrary library = new SceneLibrary(Path.of(""), List.of());

  @BeforeAll
  static void render() throws IOException {
    Path folder = Path.of("target", "scenes");
    if (!Files.exists(folder.resolve(SceneLibrary.INDEX))) {
      EspeakNg espeak = espeak();
      String corpus = evaluation("1.1.0").corpus();
      assumeTrue(
          corpus.contains(espeak.programVersion()),
          espeak.programVersion() + " speaks otherwise than what the releases were measured with");
      try (Workers workers = new Workers(2)) {
        byte[] recipe = Files.readAllBytes(release("1.1.0").resolve("recipe.yaml"));
        int written =
            new SceneFolder(folder, RecipeReader.read(recipe), espeak, workers)
                .write(TALK_MINUTES, WAKE_MINUTES);
        assertEquals(5 * (TALK_MINUTES + WAKE_MINUTES), written);
      }
    }
    library = SceneLibrary.read(folder);
  }

  private static EspeakNg espeak() throws IOException {
    try {
      return new EspeakNg(Path.of("target", "speech"));
    } catch (IllegalStateException missing) {
      assumeTrue(false, missing.getMessage());
      throw missing;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0", "1.2.0"})
  void rates_showWhatAudioMeasures(String version) throws IOException {
    Evaluation evaluation = evaluation(version);
    Ears ears = new Ears();
    for (int threshold : List.of(evaluation.thresholdScore(), 31, -1)) {
      Comparison falseAccepts = falseAccepts(version, evaluation, threshold, threshold, ears);
      String where = version + " at " + threshold + ": ";
      assertTrue(
          Math.abs(falseAccepts.deviations()) <= FALSE_ACCEPT_LIMIT,
          where + "false accepts " + falseAccepts);
      Comparison misses = misses(version, evaluation, threshold, ears);
      assertTrue(Math.abs(misses.deviations()) <= MISS_LIMIT, where + "misses " + misses);
    }
  }

  /** The comparison can fail: rates that are too low by a factor of 2.6 are found out. */
  @Test
  void ratesOfAnotherThreshold_areNotWhatAudioMeasures() throws IOException {
    Comparison wrong = falseAccepts("1.2.0", evaluation("1.2.0"), -65, -1, new Ears());
    assertTrue(Math.abs(wrong.deviations()) > FALSE_ACCEPT_LIMIT, wrong.toString());
  }

  /**
   * What was heard against what rates say.
   *
   * @param deviations how far apart they are, in standard deviations
   */
  private record Comparison(double heard, double expected, double deviations) {}

  /** Devices that hear nothing but certain scenes; the engine hears each of them once. */
  private static final class Ears {
    private final Map<List<Scene>, SharedEar> known = new HashMap<>();

    AudioAcoustics of(double attemptsPerDay, Scene... scenes) {
      SharedEar ear =
          known.computeIfAbsent(
              List.of(scenes), only -> new SharedEar(new SceneLibrary(library.folder(), only)));
      return new AudioAcoustics(device(attemptsPerDay), 0, 11, 0, ear);
    }
  }

  private static Comparison falseAccepts(
      String version, Evaluation evaluation, int threshold, int ratesAt, Ears ears)
      throws IOException {
    double heard = 0;
    double expected = 0;
    double variance = 0;
    for (Environment environment : Labels.environments()) {
      double perScene = rates(evaluation, environment, ratesAt).falseAccepts()
          / (RATE_HOURS * 3_600_000.0 / SCENE_MILLIS);
      List<Scene> scenes = library.talk(environment);
      double sum = 0;
      double squares = 0;
      for (Scene scene : scenes) {
        Interval interval = new Interval();
        AudioAcoustics device = ears.of(0, scene);
        device.use(model(version, threshold));
        device.advance(
            START, START + SCENE_MILLIS, behaviour(evaluation, environment, threshold), interval);
        sum += interval.falseAccepts();
        squares += (double) interval.falseAccepts() * interval.falseAccepts();
      }
      double n = scenes.size();
      heard += sum;
      expected += n * perScene;
      variance += Math.max(n * (squares - sum * sum / n) / (n - 1), n * perScene);
    }
    return new Comparison(heard, expected, (heard - expected) / Math.sqrt(variance));
  }

  private static Comparison misses(
      String version, Evaluation evaluation, int threshold, Ears ears)
      throws IOException {
    double sum = 0;
    double squares = 0;
    double expected = 0;
    int scenes = 0;
    for (Environment environment : Labels.environments()) {
      double share = missShare(rates(evaluation, environment, threshold));
      for (Scene scene : library.wakes(environment)) {
        // Between the attempts there is talk.
        AudioAcoustics device =
            ears.of(24 * 400, scene, library.talk(environment).getFirst());
        device.use(model(version, threshold));
        Interval interval = new Interval();
        device.advance(
            START, START + 3_600_000, behaviour(evaluation, environment, threshold), interval);
        double difference = missShare(interval) - share;
        sum += difference;
        squares += difference * difference;
        expected += share;
        scenes++;
      }
    }
    double deviation = Math.sqrt(Math.max(squares, scenes * 1e-4));
    return new Comparison(sum + expected, expected, sum / deviation);
  }

  private static double missShare(Interval interval) {
    return (double) interval.missedWakes() / interval.wakeAttempts();
  }

  private static Interval rates(Evaluation evaluation, Environment environment, int threshold) {
    Interval interval = new Interval();
    Acoustics device = new RateAcoustics(device(24), 0, 11, 0);
    device.advance(
        START,
        START + RATE_HOURS * 3_600_000,
        behaviour(evaluation, environment, threshold),
        interval);
    return interval;
  }

  private static DeviceProfile device(double attemptsPerDay) {
    return new DeviceProfile(
        0,
        new DeviceId("home", "ear"),
        DeviceAttributes.newBuilder().setChip("ndp120").build(),
        Environment.KITCHEN,
        1,
        1,
        attemptsPerDay,
        1,
        2);
  }

  private static Behaviour behaviour(
      Evaluation evaluation, Environment environment, int threshold) {
    return Objects.requireNonNull(Behaviour.of(evaluation, threshold).get(environment));
  }

  private static ActiveModel model(String version, int threshold) throws IOException {
    byte[] tflite = Files.readAllBytes(release(version).resolve("model.tflite"));
    Target none = Target.of("{}".getBytes(StandardCharsets.UTF_8));
    return new ActiveModel(
        Slot.SLOT_A,
        new ReleaseManifest(
            new ReleaseRef("hey-nova", version),
            1,
            Instant.parse("2099-01-01T00:00:00Z"),
            List.of("ndp120"),
            "bundled",
            Target.of(tflite),
            none,
            none,
            none,
            new ReleaseManifest.Detector(0, threshold, 3, 1000),
            "streaming-wake-word"),
        tflite);
  }

  private static Evaluation evaluation(String version) throws IOException {
    return JsonMapper.builder()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build()
        .readValue(release(version).resolve("evaluation.json").toFile(), Evaluation.class);
  }

  private static Path release(String version) {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("model-registry"))) {
      at = Objects.requireNonNull(at.getParent());
    }
    return at.resolve("model-registry/releases/hey-nova-" + version);
  }
}
