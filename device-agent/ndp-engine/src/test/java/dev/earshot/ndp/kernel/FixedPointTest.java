package dev.earshot.ndp.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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

  /** The loop that vectorises gives the bits of the one that is plainly right. */
  @Property(seed = "2", tries = 2000)
  void vectorisedRequantizer_equalsTheScalarOne(
      @ForAll int acc,
      @ForAll @IntRange(min = 1 << 30) int mantissa,
      @ForAll @IntRange(min = 1, max = 31) int shift) {
    FixedPoint.Multiplier[] multiplier = {new FixedPoint.Multiplier(mantissa, -shift)};
    Quantization output = Quantization.perTensor(1, 3);
    // Near the range of the output too, where rounding shows; a wild value only saturates.
    for (int value : new int[] {acc, (int) ((long) (acc & 0xFF) << Math.min(shift, 22)), -acc}) {
      byte[] scalar = new byte[1];
      byte[] vectorised = new byte[1];
      new Requantizer.TwoRoundings(multiplier, output, Activation.NONE)
          .apply(new int[] {value}, scalar, 0);
      new Requantizer.TwoRoundingsVectorised(multiplier, output, Activation.NONE)
          .apply(new int[] {value}, vectorised, 0);
      assertArrayEquals(scalar, vectorised);
    }
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
        Requantizer.doublePrecision(
            Quantization.perTensor(1, 0),
            Quantization.perTensor(1, 0),
            Quantization.perTensor(2, 0),
            Activation.NONE,
            4);
    byte[] output = new byte[4];
    requantizer.apply(new int[] {1, -1, 4, -5}, output, 0);
    assertArrayEquals(new byte[] {1, -1, 2, -3}, output);
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
