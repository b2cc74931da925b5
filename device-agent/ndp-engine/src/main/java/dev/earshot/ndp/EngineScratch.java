package dev.earshot.ndp;

import dev.earshot.ndp.frontend.FrontEnd;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.streaming.StreamingInference;

/**
 * What the engines of one thread share: the workspace of a model and of a front end. Nothing in it
 * outlives a call, so one serves every device of the thread that runs this model.
 */
public final class EngineScratch {
  final NdpModel model;
  final FrontEnd frontEnd;
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
    int features = frontEnd.features();
    FrameInput.require(model, features);
    this.model = model;
    this.frontEnd = FrontEnd.of(frontEnd);
    this.inference = model.streaming(features).newInference();
    this.frame = new byte[features];
    this.output = new byte[model.outputElements()];
  }
}
