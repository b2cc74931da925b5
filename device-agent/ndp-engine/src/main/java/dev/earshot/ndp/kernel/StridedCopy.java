package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Shape;

/**
 * Moves a box of elements from one array to another. Both hold the box with distances ("steps")
 * between neighbours of their own along each dimension, the outermost first.
 */
final class StridedCopy {
  private final int[] sizes;
  private final int sourceStart;
  private final int[] sourceSteps;
  private final int targetStart;
  private final int[] targetSteps;

  StridedCopy(int[] sizes, int sourceStart, int[] sourceSteps, int targetStart, int[] targetSteps) {
    this.sizes = sizes.clone();
    this.sourceStart = sourceStart;
    this.sourceSteps = sourceSteps.clone();
    this.targetStart = targetStart;
    this.targetSteps = targetSteps.clone();
  }

  /** How far apart the elements of a row-major tensor lie along each of its dimensions. */
  static int[] steps(Shape shape) {
    int[] steps = new int[shape.rank()];
    int step = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= shape.dimension(axis);
    }
    return steps;
  }

  void run(byte[] source, byte[] target) {
    run(0, source, sourceStart, target, targetStart);
  }

  private void run(int axis, byte[] source, int from, byte[] target, int to) {
    if (axis == sizes.length) {
      target[to] = source[from];
    } else if (axis == sizes.length - 1 && sourceSteps[axis] == 1 && targetSteps[axis] == 1) {
      System.arraycopy(source, from, target, to, sizes[axis]);
    } else {
      for (int i = 0; i < sizes[axis]; i++) {
        run(axis + 1, source, from + i * sourceSteps[axis], target, to + i * targetSteps[axis]);
      }
    }
  }
}
