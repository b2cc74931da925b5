package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.kernel.QuantizedAddition;
import dev.earshot.ndp.plan.Plane;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * ADD of two activations of the same shape, on planes. The sum of both, scaled in floats, is within
 * {@link #DOUBT} of what TFLite's three fixed-point multiplications give (their own error is below
 * 2^-17 of an output step as long as the output's scale is not far below the inputs'); where that
 * leaves two integers to choose from, {@link QuantizedAddition} decides.
 */
final class AddStep implements Step {
  private static final float DOUBT = 0x1p-12f;

  private final int firstId;
  private final int secondId;
  private final int outputId;
  private final Plane first;
  private final Plane second;
  private final Plane output;
  private final float firstRatio;
  private final float secondRatio;
  private final int firstZeroPoint;
  private final int secondZeroPoint;
  private final QuantizedAddition exact;
  private final Rounder rounder;

  AddStep(
      Operator.Add add,
      int firstId,
      Plane first,
      int secondId,
      Plane second,
      int outputId,
      Plane output) {
    this.firstId = firstId;
    this.first = first;
    this.secondId = secondId;
    this.second = second;
    this.outputId = outputId;
    this.output = output;
    double outputScale = add.output().requireQuantization().scale();
    firstRatio = (float) (add.first().requireQuantization().scale() / outputScale);
    secondRatio = (float) (add.second().requireQuantization().scale() / outputScale);
    firstZeroPoint = add.first().requireQuantization().zeroPoint();
    secondZeroPoint = add.second().requireQuantization().zeroPoint();
    exact = new QuantizedAddition(add, add.activation());
    rounder = new Rounder(exact.range(), DOUBT);
  }

  /** Whether the bound on the error holds: input steps of at most 16 output steps. */
  static boolean isFor(Operator.Add add) {
    float largest =
        Math.max(
            add.first().requireQuantization().scale(), add.second().requireQuantization().scale());
    return largest <= 16 * add.output().requireQuantization().scale();
  }

  @Override
  public void run(VectorWorkspace workspace) {
    float[] a = workspace.plane(firstId);
    float[] b = workspace.plane(secondId);
    float[] sum = workspace.plane(outputId);
    int length = output.width() * output.channels();
    for (int y = 0; y < output.height(); y++) {
      addRow(a, first.start(y, 0), b, second.start(y, 0), sum, output.start(y, 0), length);
    }
  }

  private void addRow(float[] a, int atA, float[] b, int atB, float[] sum, int to, int length) {
    FloatVector ratioA = FloatVector.broadcast(Lanes.FLOATS, firstRatio);
    int lowest = rounder.lowestBits();
    int highest = rounder.highestBits();
    IntVector farthest = IntVector.zero(Lanes.INTS);
    int i = 0;
    for (; i <= length - Lanes.COUNT; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.FLOATS, a, atA + i);
      FloatVector y = FloatVector.fromArray(Lanes.FLOATS, b, atB + i);
      FloatVector scaled = x.fma(ratioA, y.mul(secondRatio));
      FloatVector shifted = scaled.add(Rounder.SHIFT);
      FloatVector distance = scaled.sub(shifted.sub(Rounder.SHIFT));
      farthest = farthest.max(distance.reinterpretAsInts().and(Rounder.MAGNITUDE));
      IntVector clamped = shifted.reinterpretAsInts().max(lowest).min(highest);
      clamped.reinterpretAsFloats().sub(Rounder.SHIFT).intoArray(sum, to + i);
    }
    if (rounder.isInDoubt(farthest.reduceLanes(VectorOperators.MAX))) {
      decide(a, atA, b, atB, sum, to, i);
    }
    for (; i < length; i++) {
      sum[to + i] = exact(a[atA + i], b[atB + i]);
    }
  }

  /** Asks the exact arithmetic for every sum of a row that is in doubt. */
  private void decide(float[] a, int atA, float[] b, int atB, float[] sum, int to, int length) {
    for (int i = 0; i < length; i++) {
      if (rounder.isInDoubt(Math.fma(a[atA + i], firstRatio, b[atB + i] * secondRatio))) {
        sum[to + i] = exact(a[atA + i], b[atB + i]);
      }
    }
  }

  private float exact(float a, float b) {
    return exact.add((int) a + firstZeroPoint, (int) b + secondZeroPoint)
        - exact.range().zeroPoint();
  }
}
