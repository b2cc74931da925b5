package dev.earshot.ndp.differential;

import java.util.List;

/** An operator on single elements that changes the quantization and nothing else. */
final class ElementStep implements Step {
  private final int code;

  ElementStep(int code) {
    this.code = code;
  }

  @Override
  public boolean takes(Port input) {
    return true;
  }

  /** More than 256 elements, so that random inputs hold nearly every value. */
  @Override
  public int[] drawInput(Draw draw) {
    List<int[]> shapes = List.of(new int[] {1, 1000}, new int[] {1, 10, 10, 10}, new int[] {500});
    return shapes.get(draw.between(0, shapes.size() - 1));
  }

  @Override
  public Port append(Draw draw, Port input) {
    boolean wild = draw.oneIn(6);
    Port output =
        draw.activation(
            Math.max(
                Draw.LEAST_SCALE,
                input.scale() * (wild ? draw.scale(1e-5, 1e3) : draw.scale(0.1, 4))),
            draw.zeroPoint(),
            input.shape());
    draw.operator("operator code " + code, code, new int[] {input.tensor()}, output, 0, b -> 0);
    return output;
  }
}
