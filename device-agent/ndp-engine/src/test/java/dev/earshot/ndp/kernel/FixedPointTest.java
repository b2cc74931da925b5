package dev.earshot.ndp.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.Quantization;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The arithmetic under all kernels. */
class FixedPointTest {
  private static final double ONE = 1L << 31;

  @Property(seed = "1")
  void multiply_equalsGemmlowpsOriginalForm(
      @ForAll int x,
      @ForAll @IntRange(min = 1 << 30) int mantissa,
      @ForAll @IntRange(max = 31) int s) {
    FixedPoint.Multiplier multiplier = new FixedPoint.Multiplier(mantissa, -s);
    double real = Math.scalb((double) mantissa, -31 - s);
    assertEquals(NaiveReference.multiply(x, real), FixedPoint.multiply(x, multiplier));
  }

  @Test
  void halves_areRoundedAwayFromZero() {
    assertEquals(1, FixedPoint.roundingShiftRight(1, 1));
    assertEquals(-1, FixedPoint.roundingShiftRight(-1, 1));
    assertEquals(-2, FixedPoint.roundingShiftRight(-3, 1));
    assertEquals(-1, FixedPoint.roundingShiftRight(-5, 2));
    assertEquals(7, FixedPoint.roundingShiftRight(7, 0));
  }

  @Test
  void singleRounding_takesHalvesAwayFromZeroAndNothingBelow() {
    Requantizer requantizer =
        new Requantizer.OneRounding(
            new double[] {0.5},
            Requantizer.Range.of(Quantization.perTensor(2, 0), Activation.NONE));
    assertEquals(1, requantizer.requantize(1, 0));
    assertEquals(-1, requantizer.requantize(-1, 0));
    assertEquals(2, requantizer.requantize(4, 0));
    assertEquals(-3, requantizer.requantize(-5, 0));
  }

  @Test
  void singleRounding_saturates() {
    Requantizer requantizer =
        new Requantizer.OneRounding(
            new double[] {1e300, 1e10},
            Requantizer.Range.of(Quantization.perTensor(2, 5), Activation.NONE));
    assertEquals(127, requantizer.requantize(1, 0));
    assertEquals(-128, requantizer.requantize(-1, 0));
    assertEquals(127, requantizer.requantize(Integer.MAX_VALUE, 1));
    assertEquals(-128, requantizer.requantize(Integer.MIN_VALUE, 1));
  }

  @Test
  void doublingHighMultiply_saturatesItsOneOverflow() {
    assertEquals(
        Integer.MAX_VALUE, FixedPoint.doublingHighMultiply(Integer.MIN_VALUE, Integer.MIN_VALUE));
  }

  @Property(seed = "3")
  void exp_isCloseToTheRealOne(@ForAll @IntRange(min = Integer.MIN_VALUE, max = 0) int x) {
    double real = Math.exp(x / (double) (1 << 26));
    assertEquals(real, FixedPoint.expOfNegative(x) / ONE, 3e-7);
  }

  @Property(seed = "4")
  void reciprocal_isCloseToTheRealOne(@ForAll @IntRange(min = 0) int x) {
    assertEquals(1 / (1 + x / ONE), FixedPoint.reciprocalOfOnePlus(x) / ONE, 1e-8);
  }

  @Test
  void multiplier_ofTinyAndHugeNumbers_saturates() {
    assertEquals(new FixedPoint.Multiplier(0, 0), FixedPoint.Multiplier.of(1e-12));
    assertEquals(new FixedPoint.Multiplier(0, 0), FixedPoint.Multiplier.of(0));
    assertEquals(new FixedPoint.Multiplier(Integer.MAX_VALUE, 30), FixedPoint.Multiplier.of(1e12));
    assertEquals(new FixedPoint.Multiplier(1 << 30, 0), FixedPoint.Multiplier.of(0.5));
    assertEquals(
        new FixedPoint.Multiplier(1 << 30, 1), FixedPoint.Multiplier.of(Math.nextDown(1.0)));
  }
}
