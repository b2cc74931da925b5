package dev.earshot.cli.bench.engine;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.streaming.StreamState;
import dev.earshot.ndp.streaming.StreamingInference;
import dev.earshot.ndp.streaming.StreamingModel;
import dev.earshot.tflite.TfLite;
import dev.earshot.tflite.TfLiteInterpreter;
import dev.earshot.tflite.TfLiteKernels;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One model, ready in every way to run it. Copying values in and out is part of the engine's time
 * and not of TensorFlow Lite's.
 */
final class Subjects {
  /** So many that no branch predictor learns them. */
  private static final int INPUTS = 16;

  private final byte[] file;
  private final TfLite library;
  private final byte[][] inputs;
  private final Map<Contestant, Runnable> opened = new EnumMap<>(Contestant.class);

  Subjects(byte[] file, TfLite library) throws ModelFormatException {
    this.file = file.clone();
    this.library = library;
    int elements = NdpModel.parse(file).inputElements();
    SplittableRandom random = new SplittableRandom(1);
    inputs = new byte[INPUTS][elements];
    for (byte[] input : inputs) {
      random.nextBytes(input);
    }
  }

  /** One inference, on the next input. */
  Runnable of(Contestant contestant) throws ModelFormatException {
    Runnable known = opened.get(contestant);
    if (known == null) {
      known =
          switch (contestant) {
            case MACHINE -> engine(model(Execution.MACHINE));
            case VECTOR -> engine(model(Execution.VECTOR));
            case NEW_FRAME -> stream(model(Execution.best()));
            case PLAIN -> engine(model(Execution.PLAIN));
            case XNNPACK -> tflite(TfLiteKernels.XNNPACK);
            case OPTIMIZED -> tflite(TfLiteKernels.OPTIMIZED);
            case REFERENCE -> tflite(TfLiteKernels.REFERENCE);
          };
      opened.put(contestant, known);
    }
    return known;
  }

  NdpModel model(Execution execution) throws ModelFormatException {
    return NdpModel.parse(file, Rounding.TFLITE_2_20, execution);
  }

  /** One inference after the other in a workspace of its own. */
  Runnable engine(NdpModel model) {
    Inference inference = model.newInference();
    byte[] output = new byte[model.outputElements()];
    int[] next = new int[1];
    return () -> inference.run(inputs[next[0]++ % INPUTS], 0, output, 0);
  }

  /** A frame after the other, from where each of them gives an output. */
  private Runnable stream(NdpModel model) {
    StreamingModel streaming = model.streaming(frameElements(model));
    StreamingInference inference = streaming.newInference();
    StreamState state = streaming.newState();
    byte[] output = new byte[model.outputElements()];
    int[] next = new int[1];
    Runnable frame = () -> inference.accept(state, inputs[next[0]++ % INPUTS], 0, output, 0);
    for (int i = 0; i < streaming.windowFrames(); i++) {
      frame.run();
    }
    return frame;
  }

  /** The input is a window of frames of its last dimension. */
  static int frameElements(NdpModel model) {
    Shape input = model.input().shape();
    return input.dimension(input.rank() - 1);
  }

  private Runnable tflite(TfLiteKernels kernels) {
    TfLiteInterpreter interpreter = library.interpreter(file, kernels);
    interpreter.invoke(inputs[0]);
    return interpreter::invoke;
  }
}
