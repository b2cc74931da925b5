package dev.earshot.ndp.differential;

/** Draws one operator (or a few that belong together) onto the end of a model. */
interface Step {
  /** Whether it can follow on this activation. */
  boolean takes(Port input);

  /** Draws everything of the operator, writes it, and says where the model ends now. */
  Port append(Draw draw, Port input);

  /** The shape of a model's input when this is its first step; one that it takes. */
  default int[] drawInput(Draw draw) {
    return draw.image();
  }
}
