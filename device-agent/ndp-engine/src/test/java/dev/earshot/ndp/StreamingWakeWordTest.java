package dev.earshot.ndp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.audio.WavFile;
import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.frontend.FeatureQuantizer;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.LogMel;
import dev.earshot.ndp.frontend.LogMelParameters;
import dev.earshot.ndp.frontend.StreamingFrontEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole path from a wav to detections, against MLPerf Tiny's streaming wake-word benchmark. */
class StreamingWakeWordTest {
  private static final String SHORT_WAV = "audio/short_wav_easy10s.wav";

  private static final class Recorder implements DetectionSink {
    final List<Integer> scores = new ArrayList<>();
    final List<Long> frames = new ArrayList<>();
    final List<Detection> detections = new ArrayList<>();

    @Override
    public void onScore(long frameIndex, int score) {
      frames.add(frameIndex);
      scores.add(score);
    }

    @Override
    public void onDetection(Detection detection) {
      detections.add(detection);
    }
  }

  private static Recorder listen(String wav, int chunk) throws IOException {
    NdpModel model = NdpModel.parse(MlperfTiny.model("str_ww_ref_model"));
    WakeWordEngine engine =
        new WakeWordEngine(
            model, FrontEndParameters.STREAMING_WAKE_WORD, DetectorParameters.STREAMING_WAKE_WORD);
    short[] samples = WavFile.read(MlperfTiny.file(wav), 16_000).samples();
    Recorder recorder = new Recorder();
    for (int at = 0; at < samples.length; at += chunk) {
      engine.accept(samples, at, Math.min(chunk, samples.length - at), recorder);
    }
    return recorder;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 160, 511, 512, 1024, 1_000_000})
  void shortWav_scoresEqualTheReference(int chunk) throws IOException {
    Recorder recorder = listen(SHORT_WAV, chunk);
    List<Integer> expected = new ArrayList<>();
    for (MlperfTiny.Row row : MlperfTiny.rows("sww_short_easy10s_outputs_ref", 'y')) {
      expected.add((int) row.values()[0]);
    }
    assertEquals(expected, recorder.scores);
    assertEquals(29, recorder.frames.getFirst());
  }

  @Test
  void shortWav_firstTwoWordsAreDetectedThirdIsMissedNothingElse() throws IOException {
    Recorder recorder = listen(SHORT_WAV, 320);
    assertEquals(2, recorder.detections.size(), recorder.detections::toString);
    // Windows of the benchmark, in seconds, with the half second that its script allows after them.
    assertWithin(recorder.detections.get(0), 1.0, 1.647625 + 0.5);
    assertWithin(recorder.detections.get(1), 4.0, 4.76175 + 0.5);
    int best = Integer.MIN_VALUE;
    for (int i = 0; i < recorder.scores.size(); i++) {
      double seconds = (recorder.frames.get(i) * 512 + 1024) / 16_000.0;
      if (seconds >= 7.0 && seconds <= 7.358625 + 0.5) {
        best = Math.max(best, recorder.scores.get(i));
      }
    }
    assertEquals(100, best);
  }

  @Test
  void marvinWav_isDetectedOnce() throws IOException {
    Recorder recorder = listen("audio/marvin_617de221_0.wav", 512);
    assertEquals(List.of(127), recorder.scores);
    assertEquals(1, recorder.detections.size());
    Detection detection = recorder.detections.getFirst();
    assertEquals(0, detection.startMillis());
    assertEquals((29 * 512 + 1024) * 1000L / 16_000, detection.endMillis());
  }

  @ParameterizedTest
  @CsvSource({
    "audio/short_wav_easy10s.wav, sww_short_easy10s_features",
    "audio/marvin_617de221_0.wav, sww_marvin_617de221_features"
  })
  void features_equalTheReference(String wav, String vectors) throws IOException {
    List<String> lines = Files.readAllLines(MlperfTiny.file("vectors/" + vectors + ".csv"));
    List<MlperfTiny.Row> expected = MlperfTiny.rows(vectors, 'q');
    LogMelParameters parameters = FrontEndParameters.STREAMING_WAKE_WORD;
    FeatureQuantizer quantizer = new FeatureQuantizer(0.0037010426f, -128);
    short[] samples = WavFile.read(MlperfTiny.file(wav), 16_000).samples();
    List<Integer> frames = new ArrayList<>();
    new StreamingFrontEnd(new LogMel(parameters))
        .accept(
            samples,
            0,
            samples.length,
            frames,
            (frame, features, seen) -> {
              String[] cells = lines.get((int) frame + 1).split(",", -1);
              for (int i = 0; i < features.length; i++) {
                double reference = Double.parseDouble(cells[i + 1]);
                assertEquals(reference, features[i], 1e-6, "frame " + frame + " bin " + i);
              }
              byte[] quantized = new byte[features.length];
              quantizer.quantize(features, quantized, 0);
              assertArrayEquals(expected.get((int) frame).values(), quantized, "frame " + frame);
              seen.add((int) frame);
            });
    assertEquals(expected.size(), frames.size());
    assertEquals(expected.size(), parameters.frames(samples.length));
  }

  private static void assertWithin(Detection detection, double start, double end) {
    double seconds = detection.endMillis() / 1000.0;
    assertTrue(
        seconds >= start && seconds <= end,
        () -> detection + " is not in [" + start + ", " + end + "] s");
  }
}
