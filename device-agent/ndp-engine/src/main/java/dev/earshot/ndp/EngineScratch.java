package dev.earshot.ndp;

import dev.earshot.ndp.frontend.FrontEnd;
import dev.earshot.ndp.frontend.FrontEndParameters;

/**
 * What the engines of one thread share: the workspace of a model and of a front end. Nothing in it
 * outlives a call, so one serves every device of the thread that runs this model.
 */
public final class EngineScratch {
  final NdpModel model;
  final FrontEnd frontEnd;
  final Inference inference;
  final byte[] output;

  public EngineScratch(NdpModel model, FrontEndParameters frontEnd) {
    this.model = model;
    this.frontEnd = FrontEnd.of(frontEnd);
    this.inference = model.newInference();
    this.output = new byte[model.outputElements()];
  }
}
