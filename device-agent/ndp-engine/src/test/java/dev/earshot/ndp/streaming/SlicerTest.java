package dev.earshot.ndp.streaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.earshot.ndp.Execution;
import dev.earshot.ndp.MlperfTiny;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.tflite.ModelFile;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where models are cut, and that the parts give what the whole gives. */
class SlicerTest {
  private static final TimeModel.Window SAME = new TimeModel.Window(3, 1, 1, TimeModel.SAME);
  private static final TimeModel.Window STEP = new TimeModel.Window(3, 2, 1, TimeModel.VALID);

  private final Random random = new Random(1);

  private TimeModel model(int rows) {
    return new TimeModel(random, true, rows, 1, 4);
  }

  /** Where models are cut does not depend on what runs them. */
  private static NdpModel plain(byte[] file) throws ModelFormatException {
    return NdpModel.parse(file, Rounding.TFLITE_2_20, Execution.PLAIN);
  }

  /** Rows and operators of each stage, after a check of its outputs. */
  private List<String> stages(TimeModel model) throws ModelFormatException {
    return stages(plain(model.build()), 4);
  }

  private List<String> stages(NdpModel model, int frameElements) {
    StreamingEqualsWindowTest.assertStreamEqualsWindow(model, frameElements, random);
    return model.streaming(frameElements).summary().stages().stream()
        .map(stage -> stage.rows() + " " + String.join(" ", stage.operators()))
        .toList();
  }

  @Test
  void referenceModel_becomesOneStageForEachConvolutionOverTime() throws IOException {
    NdpModel model = plain(MlperfTiny.model("str_ww_ref_model"));
    assertEquals(
        List.of(
            "3 DEPTHWISE_CONV_2D CONV_2D",
            "5 DEPTHWISE_CONV_2D CONV_2D",
            "10 DEPTHWISE_CONV_2D CONV_2D",
            "15 DEPTHWISE_CONV_2D CONV_2D RESHAPE FULLY_CONNECTED SOFTMAX"),
        stages(model, 40));
    StreamingSummary summary = model.streaming(40).summary();
    assertEquals(826_368, summary.macsPerWindow());
    assertEquals(46_040, summary.macsPerFrame());
    assertEquals(3 * 40 + (5 + 10 + 15) * 128, summary.stateBytes());
  }

  @Test
  void denseLayersOnTheLastConvolution_seeItsWholeWindow() throws IOException {
    assertEquals(
        List.of("3 CONV_2D", "8 RESHAPE FULLY_CONNECTED"),
        stages(model(10).conv(TimeModel.valid(3), 5).classify(2)));
  }

  @Test
  void pointwiseOperators_joinTheStageBeforeThem() throws IOException {
    assertEquals(
        List.of(
            "1 CONV_2D",
            "3 DEPTHWISE_CONV_2D CONV_2D RESHAPE FULLY_CONNECTED RESHAPE SOFTMAX",
            "8 AVERAGE_POOL_2D RESHAPE FULLY_CONNECTED"),
        stages(
            model(10)
                .conv(TimeModel.valid(1), 3)
                .depthwise(TimeModel.valid(3), 1)
                .conv(TimeModel.valid(1), 6)
                .densePerRow(3)
                .softmax()
                .averagePool(TimeModel.valid(8))
                .classify(2)));
  }

  @Test
  void poolOverTheWholeWindow_isAStageWhateverItsStride() throws IOException {
    assertEquals(
        List.of("3 CONV_2D", "8 AVERAGE_POOL_2D RESHAPE FULLY_CONNECTED"),
        stages(
            model(10)
                .conv(TimeModel.valid(3), 3)
                .averagePool(new TimeModel.Window(8, 8, 1, TimeModel.VALID))
                .classify(2)));
  }

  @Test
  void paddingAlongTime_endsTheStages() throws IOException {
    assertEquals(
        List.of("3 CONV_2D", "8 CONV_2D CONV_2D RESHAPE FULLY_CONNECTED"),
        stages(
            model(10)
                .conv(TimeModel.valid(3), 4)
                .conv(SAME, 4)
                .conv(TimeModel.valid(2), 4)
                .classify(2)));
  }

  @Test
  void paddingAcrossOneRowOfTime_doesNot() throws IOException {
    TimeModel.Window one = new TimeModel.Window(1, 1, 1, TimeModel.SAME);
    assertEquals(
        List.of("3 CONV_2D CONV_2D", "8 RESHAPE FULLY_CONNECTED"),
        stages(model(10).conv(TimeModel.valid(3), 4).conv(one, 4).classify(2)));
  }

  @Test
  void strideAlongTime_endsTheStages() throws IOException {
    assertEquals(
        List.of("2 CONV_2D", "9 CONV_2D CONV_2D RESHAPE FULLY_CONNECTED"),
        stages(
            model(10)
                .conv(TimeModel.valid(2), 4)
                .conv(STEP, 4)
                .conv(TimeModel.valid(2), 4)
                .classify(2)));
  }

  @Test
  void nothingThatCommutes_isOneStageThatSavesNothing() throws IOException {
    NdpModel model = plain(model(10).conv(SAME, 4).classify(2).build());
    assertEquals(List.of("10 CONV_2D RESHAPE FULLY_CONNECTED"), stages(model, 4));
    assertEquals(0, model.streaming(4).summary().reused());
    assertEquals(10 * 4, model.streaming(4).summary().stateBytes());
  }

  @Test
  void dilation_reachesFurther() throws IOException {
    assertEquals(
        List.of("7 CONV_2D", "4 RESHAPE FULLY_CONNECTED"),
        stages(model(10).conv(new TimeModel.Window(4, 1, 2, TimeModel.VALID), 4).classify(2)));
  }

  @Test
  void timeAlongTheWidthOfAnImageOfOneRow_isTime() throws IOException {
    assertEquals(
        List.of("3 CONV_2D", "5 DEPTHWISE_CONV_2D", "4 RESHAPE FULLY_CONNECTED"),
        stages(
            new TimeModel(random, false, 10, 1, 4)
                .conv(TimeModel.valid(3), 4)
                .depthwise(TimeModel.valid(5), 1)
                .classify(2)));
  }

  @Test
  void branchesThatLoseAsManyRows_areOneStageOverTheirReach() throws IOException {
    TimeModel model = model(12).conv(TimeModel.valid(2), 4);
    TimeModel.Layer start = model.last();
    TimeModel.Layer direct = model.conv(TimeModel.valid(5), 3).last();
    model
        .from(start)
        .conv(TimeModel.valid(3), 4)
        .conv(TimeModel.valid(3), 3)
        .add(direct)
        .conv(TimeModel.valid(2), 4)
        .classify(2);
    assertEquals(
        List.of(
            "2 CONV_2D", "5 CONV_2D CONV_2D CONV_2D ADD", "2 CONV_2D", "6 RESHAPE FULLY_CONNECTED"),
        stages(model));
  }

  /** A residual around a padded convolution: the sum needs rows that the border reaches. */
  @Test
  void residualAroundPadding_endsTheStagesBeforeTheBranch() throws IOException {
    TimeModel model = model(10).conv(TimeModel.valid(3), 4);
    TimeModel.Layer start = model.last();
    model.conv(TimeModel.valid(1), 4).conv(SAME, 4).add(start).classify(2);
    assertEquals(
        List.of("3 CONV_2D", "8 CONV_2D CONV_2D ADD RESHAPE FULLY_CONNECTED"), stages(model));
  }

  @Test
  void outputOfSeveralRows_isKeptAsAWindow() throws IOException {
    assertEquals(List.of("3 CONV_2D", "8 "), stages(model(10).conv(TimeModel.valid(3), 4)));
  }

  /** The same shape, but here time runs along the height and there along the width. */
  @Test
  void sumOfTensorsWithOtherTimes_endsTheStages() throws IOException {
    ModelFile file = new ModelFile();
    int in = file.activation("in", 0.05f, 3, 1, 3, 3, 1);
    int pooled = file.activation("pooled", 0.05f, 3, 1, 1, 3, 1);
    file.operator(
        1,
        new int[] {in},
        new int[] {pooled},
        5,
        b -> {
          b.startTable(6);
          b.addByte(0, (byte) TimeModel.VALID, 0);
          b.addInt(1, 1, 0);
          b.addInt(2, 1, 0);
          b.addInt(3, 1, 0);
          b.addInt(4, 3, 0);
          return b.endTable();
        });
    int weights = file.weights("w", new byte[] {50, -70, 90}, 0, new float[] {0.02f}, 1, 1, 3, 1);
    int across = file.activation("across", 0.07f, -5, 1, 3, 1, 1);
    file.conv(1, 1, 1, 0, new int[] {in, weights, -1}, across);
    int turned = file.activation("turned", 0.07f, -5, 1, 1, 3, 1);
    file.reshape(across, turned);
    int sum = file.activation("sum", 0.1f, 0, 1, 1, 3, 1);
    file.add(0, turned, pooled, sum);
    NdpModel model = plain(file.build(new int[] {in}, new int[] {sum}));
    assertEquals(List.of("3 AVERAGE_POOL_2D CONV_2D RESHAPE ADD"), stages(model, 3));
  }

  /** Two frames, twice: the outermost dimension has the size of time, and is not time. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dimensionBeforeTimeThatGrows_endsTheStages(boolean joined) throws IOException {
    ModelFile file = new ModelFile();
    int in = file.activation("in", 0.05f, 3, 1, 2, 1, 3);
    int out = file.activation("out", 0.05f, 3, 2, 2, 1, 3);
    if (joined) {
      file.operator(2, new int[] {in, in}, new int[] {out}, 10, b -> axisZero(b));
    } else {
      int paddings =
          file.tensor(
              "", ModelFile.INT32, new int[] {4, 2}, new float[0], new long[0], 0, before(8));
      file.operator(34, new int[] {in, paddings}, new int[] {out}, 0, b -> 0);
    }
    NdpModel model = plain(file.build(new int[] {in}, new int[] {out}));
    assertEquals(List.of(joined ? "2 CONCATENATION" : "2 PAD"), stages(model, 3));
  }

  private static int axisZero(FlatBufferBuilder builder) {
    builder.startTable(2);
    return builder.endTable();
  }

  /** One row of padding before the first dimension, as so many int32 values. */
  private static byte[] before(int values) {
    byte[] bytes = new byte[4 * values];
    bytes[0] = 1;
    return bytes;
  }

  @Test
  void slicesOfTime_commute() throws IOException {
    TimeModel model = model(12).conv(TimeModel.valid(2), 3);
    new LayoutLayers(model).crop(2, 9, 1);
    assertEquals(
        List.of("2 CONV_2D", "5 STRIDED_SLICE", "3 CONV_2D", "5 RESHAPE FULLY_CONNECTED"),
        stages(model.conv(TimeModel.valid(3), 3).classify(2)));
  }

  @Test
  void residualOfRowsThatWereCutOff_isOneStage() throws IOException {
    TimeModel model = model(12);
    new LayoutLayers(model).croppedResidual(4, 1);
    assertEquals(
        List.of("4 CONV_2D STRIDED_SLICE ADD", "9 RESHAPE FULLY_CONNECTED"),
        stages(model.classify(2)));
  }

  @Test
  void softmaxOverTime_endsTheStages() throws IOException {
    ModelFile file = new ModelFile();
    int in = file.activation("in", 0.05f, 3, 1, 6, 1, 1);
    int weights = file.weights("w", new byte[] {50, -70}, 0, new float[] {0.02f}, 1, 2, 1, 1);
    int conv = file.activation("conv", 0.07f, -5, 1, 5, 1, 1);
    file.conv(1, 1, 1, 0, new int[] {in, weights, -1}, conv);
    int flat = file.activation("flat", 0.07f, -5, 1, 5);
    file.reshape(conv, flat);
    int scores = file.activation("scores", 1 / 256f, -128, 1, 5);
    file.softmax(flat, scores, 1);
    NdpModel model = plain(file.build(new int[] {in}, new int[] {scores}));
    assertEquals(List.of("2 CONV_2D RESHAPE", "5 SOFTMAX"), stages(model, 1));
  }

  @Test
  void framesThatAreNotTheOuterDimension_areOneStage() throws IOException {
    NdpModel keywords = plain(MlperfTiny.model("kws_ref_model"));
    assertEquals(49, keywords.streaming(10).summary().stages().getFirst().rows());
    // Half a frame at a time: nothing can be cut, and everything is still right.
    NdpModel model = plain(model(10).conv(TimeModel.valid(3), 4).classify(2).build());
    assertEquals(List.of("20 CONV_2D RESHAPE FULLY_CONNECTED"), stages(model, 2));
    assertTrue(model.streaming(4).summary().reused() > 0.5);
  }
}
