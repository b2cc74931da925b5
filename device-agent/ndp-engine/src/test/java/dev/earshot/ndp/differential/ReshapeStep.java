package dev.earshot.ndp.differential;

import java.util.Arrays;

/** RESHAPE to one row, or to an image of another form; told by options, a tensor, or both. */
final class ReshapeStep implements Step {
  @Override
  public boolean takes(Port input) {
    return true;
  }

  @Override
  public Port append(Draw draw, Port input) {
    int[] shape = draw.oneIn(3) ? image(draw, input.elements()) : new int[] {1, input.elements()};
    Port output = draw.activation(input.scale(), input.zeroPoint(), shape);
    boolean byTensor = draw.oneIn(2);
    int[] inputs =
        byTensor
            ? new int[] {input.tensor(), draw.int32s(shape, shape.length)}
            : new int[] {input.tensor()};
    draw.operator(
        "RESHAPE by " + (byTensor ? "a tensor" : "options"),
        22,
        inputs,
        output,
        17,
        b -> {
          b.startVector(4, shape.length, 4);
          for (int i = shape.length - 1; i >= 0; i--) {
            b.addInt(shape[i]);
          }
          int vector = b.endVector();
          b.startTable(1);
          b.addOffset(0, vector, 0);
          return b.endTable();
        });
    return output;
  }

  private static int[] image(Draw draw, int elements) {
    int[] divisors = dividing(elements);
    int channels = draw.oneOf(divisors);
    int width = draw.oneOf(dividing(elements / channels));
    return new int[] {1, elements / channels / width, width, channels};
  }

  private static int[] dividing(int number) {
    int[] all = new int[number];
    Arrays.setAll(all, i -> i + 1);
    return Arrays.stream(all).filter(each -> number % each == 0).toArray();
  }
}
