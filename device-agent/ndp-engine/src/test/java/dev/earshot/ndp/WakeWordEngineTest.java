package dev.earshot.ndp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.earshot.ndp.audio.WavFile;
import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.detector.PosteriorParameters;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.kernel.Rounding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an engine promises beyond its results: sharing, no allocation, clear refusals. */
class WakeWordEngineTest {
  private static final FrontEndParameters FRONT_END = FrontEndParameters.STREAMING_WAKE_WORD;
  private static final DetectorParameters DETECTOR = DetectorParameters.STREAMING_WAKE_WORD;

  private static final class Scores implements DetectionSink {
    final List<String> events = new ArrayList<>();

    @Override
    public void onScore(long frameIndex, int score) {
      events.add(frameIndex + ":" + score);
    }

    @Override
    public void onDetection(Detection detection) {
      events.add(detection.toString());
    }
  }

  private static final DetectionSink NOBODY =
      new DetectionSink() {
        @Override
        public void onScore(long frameIndex, int score) {}

        @Override
        public void onDetection(Detection detection) {}
      };

  private static NdpModel model() throws IOException {
    return NdpModel.parse(MlperfTiny.model("str_ww_ref_model"));
  }

  private static short[] noise(long seed) {
    Random random = new Random(seed);
    short[] samples = new short[32_000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (random.nextGaussian() * 2000);
    }
    return samples;
  }

  @Test
  void enginesThatShareAScratch_doNotDisturbEachOther() throws IOException {
    EngineScratch scratch = new EngineScratch(model(), FRONT_END);
    WakeWordEngine first = new WakeWordEngine(scratch, DETECTOR);
    WakeWordEngine second = new WakeWordEngine(scratch, DETECTOR);
    Scores firstScores = new Scores();
    Scores secondScores = new Scores();
    short[] a = noise(1);
    short[] b = WavFile.read(MlperfTiny.file("audio/short_wav_easy10s.wav")).samples();
    for (int at = 0; at < a.length; at += 320) {
      first.accept(a, at, 320, firstScores);
      second.accept(b, at, 320, secondScores);
    }
    Scores alone = new Scores();
    new WakeWordEngine(model(), FRONT_END, DETECTOR).accept(b, 0, a.length, alone);
    assertEquals(alone.events, secondScores.events);
    assertNotEquals(alone.events, firstScores.events);
  }

  @Test
  void reset_startsAnotherStream() throws IOException {
    WakeWordEngine engine = new WakeWordEngine(model(), FRONT_END, DETECTOR);
    Scores before = new Scores();
    engine.accept(noise(1), 0, 32_000, before);
    engine.accept(noise(2), 0, 700, NOBODY);
    engine.reset();
    Scores after = new Scores();
    engine.accept(noise(1), 0, 32_000, after);
    assertEquals(before.events, after.events);
  }

  @Test
  void listening_allocatesNothing() throws IOException {
    listenUntilNothingIsAllocated(
        MlperfTiny.file("models/str_ww_ref_model.tflite"), Execution.PLAIN);
  }

  /**
   * In a JVM of its own: a vector is no object only where the compiler inlines everything, and what
   * it inlines depends on what else a JVM has run, which here is three hundred tests.
   */
  @ParameterizedTest
  @EnumSource(value = Execution.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
  void fastListening_allocatesNothing(Execution execution)
      throws IOException, InterruptedException {
    assumeTrue(execution.isPossible(), execution + " is not possible on this machine");
    Path model = MlperfTiny.file("models/str_ww_ref_model.tflite");
    Process listening =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                WakeWordEngineTest.class.getName(),
                model.toString(),
                execution.name())
            .redirectErrorStream(true)
            .start();
    String said = new String(listening.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, listening.waitFor(), said);
  }

  public static void main(String[] args) throws IOException {
    listenUntilNothingIsAllocated(Path.of(args[0]), Execution.valueOf(args[1]));
  }

  private static void listenUntilNothingIsAllocated(Path model, Execution execution)
      throws IOException {
    NdpModel parsed = NdpModel.parse(Files.readAllBytes(model), Rounding.TFLITE_2_20, execution);
    WakeWordEngine engine = new WakeWordEngine(parsed, FRONT_END, DETECTOR);
    short[] samples = noise(3);
    Allocation.assertNoneOnceCompiled(() -> engine.accept(samples, 0, samples.length, NOBODY));
  }

  @Test
  void keywordModel_hearsThroughItsFrontEnd() throws IOException {
    NdpModel keywords = NdpModel.parse(MlperfTiny.model("kws_ref_model"));
    DetectorParameters unknownWord = new DetectorParameters(11, 115, 1, 1000);
    WakeWordEngine engine =
        new WakeWordEngine(keywords, FrontEndParameters.KEYWORD_SPOTTING, unknownWord);
    assertEquals(49, engine.windowFrames());
    Scores scores = new Scores();
    short[] marvin = WavFile.read(MlperfTiny.file("audio/marvin_617de221_0.wav"), 16_000).samples();
    engine.accept(marvin, 0, marvin.length, scores);
    // The window of one second, and its only inference, end 10 ms before the wav does.
    assertEquals(
        List.of("48:127", new Detection(48, 0, 990, 127, 11, "wake").toString()), scores.events);
  }

  /** The model hears "marvin" twice in this wav, and something else, class 2, between them. */
  @Test
  void severalWords_areReportedByName() throws IOException {
    PosteriorParameters words =
        new PosteriorParameters(
            List.of(
                new PosteriorParameters.Word("other", new DetectorParameters(2, 100, 8, 60_000)),
                new PosteriorParameters.Word("marvin", new DetectorParameters(0, 115, 1, 1000))));
    WakeWordEngine engine = new WakeWordEngine(model(), FRONT_END, words);
    List<String> heard = new ArrayList<>();
    short[] samples = WavFile.read(MlperfTiny.file("audio/short_wav_easy10s.wav")).samples();
    engine.accept(
        samples,
        0,
        samples.length,
        new DetectionSink() {
          @Override
          public void onScore(long frameIndex, int score) {}

          @Override
          public void onDetection(Detection detection) {
            heard.add(detection.word() + " " + detection.wakeClass());
          }
        });
    assertEquals(List.of("marvin 0", "other 2", "marvin 0"), heard);
  }

  @Test
  void modelOfOtherFeatures_isRefused() throws IOException {
    NdpModel keywords = NdpModel.parse(MlperfTiny.model("kws_ref_model"));
    assertEquals(
        "model input 1x49x10x1: not frames of 40 features, as the front end gives",
        assertThrows(
                IllegalArgumentException.class,
                () -> new WakeWordEngine(keywords, FRONT_END, DETECTOR))
            .getMessage());
  }

  @Test
  void wakeClassThatTheModelDoesNotHave_isRefused() throws IOException {
    NdpModel model = model();
    assertEquals(
        "detector wakeClass: 3 (expected: below the model's 3 outputs)",
        assertThrows(
                IllegalArgumentException.class,
                () -> new WakeWordEngine(model, FRONT_END, new DetectorParameters(3, 115, 1, 1000)))
            .getMessage());
  }

  @Test
  void inputOfAnotherLength_isRefused() throws IOException {
    Inference inference = model().newInference();
    assertEquals(
        "input: 5 values (expected: 1200)",
        assertThrows(IllegalArgumentException.class, () -> inference.run(new byte[5]))
            .getMessage());
  }

  @Test
  void summary_countsWhatTheBenchmarkPublishes() throws IOException {
    ModelSummary summary = model().summary();
    assertEquals(826_368, summary.macs());
    assertEquals("1x30x1x40", summary.input().shape().toString());
    assertEquals(3, summary.output().shape().elements());
    assertEquals(11, summary.steps().size());
    assertEquals("DEPTHWISE_CONV_2D", summary.steps().getFirst().kind());
    assertEquals("per channel", summary.steps().getFirst().quantization());
    // The widest moment: 28 frames of 128 channels in, 24 of 128 out.
    assertEquals((28 + 24) * 128, summary.arenaBytes());
    assertTrue(summary.weightBytes() < summary.fileBytes());
  }
}
