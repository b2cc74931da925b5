package dev.earshot.ndp;

import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.LogMel;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.streaming.StreamingInference;

/**
 * What the engines of one thread share: the workspace of a model and of a front end. Nothing in it
 * outlives a call, so one serves every device of the thread that runs this model.
 */
public final class EngineScratch {
  final NdpModel model;
  final LogMel logMel;
  final StreamingInference inference;

  /** One frame of features as the model takes it. */
  final byte[] frame;

  final byte[] output;

  /**
   * The scratch of a thread that runs this model behind this front end.
   *
   * @throws IllegalArgumentException when the model does not take frames of that front end
   */
  public EngineScratch(NdpModel model, FrontEndParameters frontEnd) {
    int bins = frontEnd.melBins();
    Shape input = model.input().shape();
    if (input.elements() % bins != 0
        || (input.rank() > 1 && input.dimension(input.rank() - 1) != bins)) {
      throw new IllegalArgumentException(
          "model input " + input + ": not frames of " + bins + " features, as the front end gives");
    }
    this.model = model;
    this.logMel = new LogMel(frontEnd);
    this.inference = model.streaming(bins).newInference();
    this.frame = new byte[bins];
    this.output = new byte[model.outputElements()];
  }
}
