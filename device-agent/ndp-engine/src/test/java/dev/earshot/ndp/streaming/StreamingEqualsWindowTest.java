package dev.earshot.ndp.streaming;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** Random models on random frames: each frame gives, bit for bit, what its full window gives. */
class StreamingEqualsWindowTest {
  private static final int FRAMES_AFTER_THE_WINDOW = 12;

  /** Frames in, and the last window of them beside it; both must agree at every frame. */
  static void assertStreamEqualsWindow(NdpModel model, int frameElements, Random random) {
    StreamingModel streaming = model.streaming(frameElements);
    StreamingInference inference = streaming.newInference();
    StreamState state = streaming.newState();
    Inference whole = model.newInference();
    byte[] window = new byte[model.inputElements()];
    byte[] frame = new byte[frameElements];
    byte[] output = new byte[model.outputElements()];
    int reset = random.nextInt(streaming.windowFrames() + FRAMES_AFTER_THE_WINDOW);
    int since = 0;
    for (int i = 0; i < 2 * (streaming.windowFrames() + FRAMES_AFTER_THE_WINDOW); i++) {
      if (i == reset) {
        state.reset();
        since = 0;
      }
      random.nextBytes(frame);
      System.arraycopy(window, frameElements, window, 0, window.length - frameElements);
      System.arraycopy(frame, 0, window, window.length - frameElements, frameElements);
      since++;
      Arrays.fill(output, (byte) 99);
      boolean full = inference.accept(state, frame, 0, output, 0);
      assertEquals(since >= streaming.windowFrames(), full, "frame " + since);
      if (full) {
        assertArrayEquals(whole.run(window), output, "frame " + since);
      }
    }
  }

  private static TimeModel.Window window(Random random, int rows) {
    int taps = 1 + random.nextInt(Math.min(4, rows));
    boolean dilated = random.nextInt(4) == 0 && (taps - 1) * 2 + 1 <= rows;
    boolean same = random.nextInt(8) == 0;
    int stride = random.nextInt(10) == 0 ? 2 : 1;
    return new TimeModel.Window(
        taps, stride, dilated && stride == 1 ? 2 : 1, same ? TimeModel.SAME : TimeModel.VALID);
  }

  /** Two branches that lose as many rows, one in one step, one in two. */
  private static void branches(TimeModel model, Random random) {
    TimeModel.Layer start = model.last();
    int reach = 1 + random.nextInt(Math.min(5, start.rows()));
    int first = 1 + random.nextInt(reach);
    int channels = 1 + random.nextInt(4);
    model.conv(TimeModel.valid(reach), channels);
    TimeModel.Layer direct = model.last();
    model
        .from(start)
        .depthwise(TimeModel.valid(first), 1)
        .conv(TimeModel.valid(reach - first + 1), channels)
        .add(direct);
  }

  private static void crop(LayoutLayers layout, int rows, Random random) {
    int begin = random.nextInt(rows);
    int end = begin + 1 + random.nextInt(rows - begin);
    layout.crop(begin, end, random.nextInt(4) == 0 ? 2 : 1);
  }

  private static void layer(TimeModel model, Random random) {
    TimeModel.Layer last = model.last();
    TimeModel.Window window = window(random, last.rows());
    LayoutLayers layout = new LayoutLayers(model);
    switch (random.nextInt(18)) {
      case 0, 1 -> model.conv(window, 1 + random.nextInt(5));
      case 2, 3 -> model.depthwise(window, 1 + random.nextInt(2));
      case 4 ->
          model.averagePool(
              new TimeModel.Window(window.taps(), window.stride(), 1, window.padding()));
      case 5 -> branches(model, random);
      case 6 ->
          model.conv(new TimeModel.Window(3, 1, 1, TimeModel.SAME), last.channels()).add(last);
      case 7 -> model.densePerRow(1 + random.nextInt(4));
      case 8 -> model.softmax();
      case 9 -> layout.elementwise(random.nextInt(3));
      case 10 -> layout.maxPool(window.taps());
      case 11 -> crop(layout, last.rows(), random);
      case 12 -> layout.withConstant(random.nextBoolean(), random.nextInt(4) == 0);
      case 13 -> layout.twice(random.nextInt(4) == 0);
      case 14 -> layout.pad(random.nextInt(8) / 6, random.nextInt(8) / 6, 1);
      case 15 -> layout.mean(random.nextInt(4) == 0);
      case 16 -> layout.croppedResidual(window.taps(), random.nextInt(window.taps()));
      default -> {
        // Its output is never read: nothing may depend on its geometry.
        model.conv(window, 2).from(last);
      }
    }
  }

  @Property(tries = 1000, seed = "7")
  void randomModel_frameByFrameEqualsWholeWindow(@ForAll Random random)
      throws ModelFormatException {
    boolean timeIsHeight = random.nextInt(4) != 0;
    int width = timeIsHeight ? 1 + random.nextInt(3) : 1;
    int channels = 1 + random.nextInt(4);
    TimeModel file = new TimeModel(random, timeIsHeight, 1 + random.nextInt(16), width, channels);
    int layers = 1 + random.nextInt(6);
    for (int i = 0; i < layers; i++) {
      layer(file, random);
    }
    switch (random.nextInt(3)) {
      case 0 -> file.classify(3);
      case 1 -> file.averagePool(TimeModel.valid(file.last().rows())).classify(2);
      default -> file.softmax();
    }
    // Others take long to prepare, and have tests of their own.
    List<Execution> possible = Execution.possible();
    Execution execution =
        random.nextInt(20) == 0 ? possible.get(random.nextInt(possible.size())) : Execution.PLAIN;
    NdpModel model = NdpModel.parse(file.build(), Rounding.TFLITE_2_20, execution);
    assertStreamEqualsWindow(model, width * channels, random);
    Statistics.label("several stages")
        .collect(model.streaming(width * channels).summary().stages().size() > 1)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 40));
  }
}
