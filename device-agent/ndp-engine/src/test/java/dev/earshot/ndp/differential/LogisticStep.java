package dev.earshot.ndp.differential;

/** LOGISTIC, whose output quantization is fixed. */
final class LogisticStep implements Step {
  @Override
  public boolean takes(Port input) {
    return true;
  }

  @Override
  public int[] drawInput(Draw draw) {
    return new int[] {1, 1000};
  }

  @Override
  public Port append(Draw draw, Port input) {
    Port output = draw.activation(1 / 256f, -128, input.shape());
    draw.operator("LOGISTIC", 14, new int[] {input.tensor()}, output, 0, b -> 0);
    return output;
  }
}
