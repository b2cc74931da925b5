package dev.earshot.ndp;

import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.LogMel;

/**
 * What the engines of one thread share: the workspace of a model and of a front end. Nothing in it
 * outlives a call, so one serves every device of the thread that runs this model.
 */
public final class EngineScratch {
  final NdpModel model;
  final LogMel logMel;
  final Inference inference;
  final byte[] output;

  public EngineScratch(NdpModel model, FrontEndParameters frontEnd) {
    this.model = model;
    this.logMel = new LogMel(frontEnd);
    this.inference = model.newInference();
    this.output = new byte[model.outputElements()];
  }
}
