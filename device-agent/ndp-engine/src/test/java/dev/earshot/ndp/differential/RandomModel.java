package dev.earshot.ndp.differential;

import java.util.Arrays;
import java.util.List;

/** A valid model of a few random steps. */
public final class RandomModel {
  private static final int MOST_STEPS = 6;

  private final Draw draw;
  private final Port input;
  private final Port output;

  private RandomModel(Draw draw, Port input, Port output) {
    this.draw = draw;
    this.input = input;
    this.output = output;
  }

  /** A model of one operator, and of what that needs beside it. */
  static RandomModel of(Steps operator, long seed) {
    Draw draw = new Draw(seed);
    Port input = draw.input(operator.step().drawInput(draw));
    return new RandomModel(draw, input, operator.step().append(draw, input));
  }

  /** A chain of two operators or more. */
  public static RandomModel chain(long seed) {
    Draw draw = new Draw(seed);
    Port input = draw.input(draw.oneIn(4) ? draw.row() : draw.image());
    return new RandomModel(draw, input, chain(draw, input));
  }

  /** A chain that begins with QUANTIZE and ends with DEQUANTIZE. */
  public static RandomModel chainWithFloatPorts(long seed) {
    Draw draw = new Draw(seed);
    Port input = draw.input(draw.oneIn(4) ? draw.row() : draw.image());
    Port realInput = draw.real(input);
    draw.operator("QUANTIZE", 114, new int[] {realInput.tensor()}, input, 0, b -> 0);
    Port output = chain(draw, input);
    Port realOutput = draw.real(output);
    draw.operator("DEQUANTIZE", 6, new int[] {output.tensor()}, realOutput, 0, b -> 0);
    return new RandomModel(draw, realInput, realOutput);
  }

  private static Port chain(Draw draw, Port input) {
    Port end = input;
    int steps = draw.between(2, MOST_STEPS);
    for (int i = 0; i < steps && end.scale() >= Draw.LEAST_SCALE; i++) {
      Port here = end;
      List<Steps> possible =
          Arrays.stream(Steps.values()).filter(each -> each.step().takes(here)).toList();
      end = possible.get(draw.between(0, possible.size() - 1)).step().append(draw, here);
    }
    return end;
  }

  /** The {@code .tflite} file; to be asked for once. */
  public byte[] file() {
    return draw.build(input, output);
  }

  byte[] inputValues(int number) {
    return draw.inputValues(input.elements(), number);
  }

  /** What was drawn, for a person who has to find out why it went wrong. */
  public String story() {
    return draw.story();
  }
}
