package dev.earshot.ndp.streaming;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.Allocation;
import dev.earshot.ndp.Execution;
import dev.earshot.ndp.MlperfTiny;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.kernel.Rounding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real models on streams: the reference's answers, sharing, no allocation, clear refusals. */
class StreamingModelTest {
  private static final int BINS = 40;

  private static NdpModel reference() throws IOException {
    return NdpModel.parse(MlperfTiny.model("str_ww_ref_model"));
  }

  private static List<byte[]> outputs(
      StreamingInference inference, StreamState state, List<MlperfTiny.Row> frames) {
    List<byte[]> outputs = new ArrayList<>();
    for (MlperfTiny.Row frame : frames) {
      byte[] output = new byte[inference.model().outputElements()];
      if (inference.accept(state, frame.values(), 0, output, 0)) {
        outputs.add(output);
      }
    }
    return outputs;
  }

  private static void assertRows(List<MlperfTiny.Row> expected, List<byte[]> outputs) {
    assertEquals(expected.size(), outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      assertArrayEquals(expected.get(i).values(), outputs.get(i), "window " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sww_short_easy10s", "sww_marvin_617de221"})
  void recording_everyFrameEqualsTflite(String vectors) throws IOException {
    StreamingModel streaming = reference().streaming(BINS);
    assertRows(
        MlperfTiny.rows(vectors + "_outputs_ref", 'y'),
        outputs(
            streaming.newInference(),
            streaming.newState(),
            MlperfTiny.rows(vectors + "_features", 'q')));
  }

  @Test
  void aStreamAfterReset_equalsTfliteAgain() throws IOException {
    StreamingModel streaming = reference().streaming(BINS);
    StreamingInference inference = streaming.newInference();
    StreamState state = streaming.newState();
    outputs(inference, state, MlperfTiny.rows("sww_marvin_617de221_features", 'q').subList(0, 17));
    state.reset();
    assertRows(
        MlperfTiny.rows("sww_short_easy10s_outputs_ref", 'y'),
        outputs(inference, state, MlperfTiny.rows("sww_short_easy10s_features", 'q')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0", "1.2.0"})
  void bundledRelease_everyFrameEqualsTheWholeWindow(String version) throws IOException {
    NdpModel model =
        NdpModel.parse(Files.readAllBytes(release(version)), Rounding.TFLITE_2_20, Execution.PLAIN);
    StreamingEqualsWindowTest.assertStreamEqualsWindow(model, BINS, new Random(5));
    StreamingSummary summary = model.streaming(BINS).summary();
    assertTrue(summary.reused() > 0.8, summary::toString);
    assertTrue(summary.stateBytes() < 4096, summary::toString);
  }

  @ParameterizedTest
  @EnumSource(Rounding.class)
  void bothRoundings_equalTheirOwnWholeWindow(Rounding rounding) throws IOException {
    StreamingEqualsWindowTest.assertStreamEqualsWindow(
        NdpModel.parse(MlperfTiny.model("str_ww_ref_model"), rounding, Execution.PLAIN),
        BINS,
        new Random(6));
  }

  @Test
  void devicesThatShareAThread_doNotDisturbEachOther() throws IOException {
    StreamingModel streaming = reference().streaming(BINS);
    StreamingInference inference = streaming.newInference();
    StreamState first = streaming.newState();
    StreamState second = streaming.newState();
    List<MlperfTiny.Row> recording = MlperfTiny.rows("sww_short_easy10s_features", 'q');
    List<MlperfTiny.Row> expected = MlperfTiny.rows("sww_short_easy10s_outputs_ref", 'y');
    byte[] output = new byte[3];
    byte[] late = new byte[3];
    // The second device hears the same, seven frames later.
    for (int i = 0; i < recording.size(); i++) {
      boolean full = inference.accept(first, recording.get(i).values(), 0, output, 0);
      boolean lateFull =
          i >= 7 && inference.accept(second, recording.get(i - 7).values(), 0, late, 0);
      assertEquals(i >= 29, full);
      assertEquals(i >= 36, lateFull);
      if (lateFull) {
        assertArrayEquals(expected.get(i - 29).values(), output);
        assertArrayEquals(expected.get(i - 36).values(), late);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Execution.class, names = "PLAIN")
  void frames_allocateNothing(Execution execution) throws IOException {
    StreamingModel streaming =
        NdpModel.parse(MlperfTiny.model("str_ww_ref_model"), Rounding.TFLITE_2_20, execution)
            .streaming(BINS);
    StreamingInference inference = streaming.newInference();
    StreamState state = streaming.newState();
    byte[] frame = new byte[BINS];
    byte[] output = new byte[3];
    Allocation.assertNoneOnceCompiled(
        () -> {
          for (int i = 0; i < 500; i++) {
            inference.accept(state, frame, 0, output, 0);
          }
        });
  }

  @Test
  void offsets_areHeeded() throws IOException {
    StreamingModel streaming = reference().streaming(BINS);
    StreamingInference inference = streaming.newInference();
    StreamState state = streaming.newState();
    List<MlperfTiny.Row> recording = MlperfTiny.rows("sww_marvin_617de221_features", 'q');
    byte[] all = new byte[recording.size() * BINS];
    byte[] output = new byte[5];
    for (int i = 0; i < recording.size(); i++) {
      System.arraycopy(recording.get(i).values(), 0, all, i * BINS, BINS);
      assertEquals(i >= 29, inference.accept(state, all, i * BINS, output, 1));
    }
    byte[] expected = MlperfTiny.rows("sww_marvin_617de221_outputs_ref", 'y').getFirst().values();
    assertArrayEquals(new byte[] {0, expected[0], expected[1], expected[2], 0}, output);
  }

  @Test
  void stateOfAnotherModel_isRefused() throws IOException {
    StreamingInference inference = reference().streaming(BINS).newInference();
    StreamState other = reference().streaming(BINS).newState();
    assertEquals(
        "state: of another model (expected: of this one)",
        assertThrows(
                IllegalArgumentException.class,
                () -> inference.accept(other, new byte[BINS], 0, new byte[3], 0))
            .getMessage());
  }

  @Test
  void framesThatDoNotFillTheWindow_areRefused() throws IOException {
    NdpModel model = reference();
    assertEquals(
        "frame: 41 values (expected: a divisor of the model's input 1x30x1x40, 1200 values)",
        assertThrows(IllegalArgumentException.class, () -> model.streaming(41)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> model.streaming(0));
    assertFalse(model.streaming(BINS) == model.streaming(20));
    assertTrue(model.streaming(BINS) == model.streaming(BINS));
  }

  static Path release(String version) {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("model-registry/releases"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("no model-registry/releases above the working directory");
    }
    return at.resolve("model-registry/releases/hey-nova-" + version + "/model.tflite");
  }
}
