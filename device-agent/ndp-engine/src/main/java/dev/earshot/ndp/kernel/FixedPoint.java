package dev.earshot.ndp.kernel;

/**
 * Arithmetic on 32-bit fixed-point numbers as gemmlowp's {@code fixedpoint.h} defines it, which is
 * what TFLite's reference kernels are written in.
 */
public final class FixedPoint {
  private FixedPoint() {}

  /**
   * A positive real number as {@code mantissa * 2^(exponent - 31)}, mantissa in [2^30, 2^31).
   * Numbers below 2^-32 become zero and numbers above 2^30 the largest one, as in TFLite's {@code
   * QuantizeMultiplier}.
   */
  public record Multiplier(int mantissa, int exponent) {
    /** The number that it stands for. */
    double value() {
      return Math.scalb((double) mantissa, exponent - 31);
    }

    /** The nearest one. */
    public static Multiplier of(double real) {
      if (real == 0) {
        return new Multiplier(0, 0);
      }
      int exponent = Math.getExponent(real) + 1;
      // The fraction in [0.5, 1), scaled to 31 bits; exact before the rounding.
      long mantissa = Math.round(Math.scalb(real, 31 - exponent));
      if (mantissa == 1L << 31) {
        mantissa /= 2;
        exponent++;
      }
      if (exponent < -31) {
        return new Multiplier(0, 0);
      }
      if (exponent > 30) {
        return new Multiplier(Integer.MAX_VALUE, 30);
      }
      return new Multiplier((int) mantissa, exponent);
    }
  }

  /**
   * The high 32 bits of {@code 2 a b}, rounded half up: gemmlowp's {@code
   * SaturatingRoundingDoublingHighMul}. (Its sign-dependent nudge followed by a division that
   * truncates equals rounding half up by an arithmetic shift.)
   */
  static int doublingHighMultiply(int a, int b) {
    if (a == Integer.MIN_VALUE && b == Integer.MIN_VALUE) {
      return Integer.MAX_VALUE;
    }
    return (int) (((long) a * b + (1L << 30)) >> 31);
  }

  /** {@code x / 2^exponent} rounded half away from zero: {@code RoundingDivideByPOT}. */
  static int roundingShiftRight(int x, int exponent) {
    if (exponent == 0) {
      return x;
    }
    return (int) (((long) x + (1L << (exponent - 1)) + (x >> 31)) >> exponent);
  }

  /** {@code x * 2^exponent}, saturating: {@code SaturatingRoundingMultiplyByPOT}, exponent >= 0. */
  static int saturatingShiftLeft(int x, int exponent) {
    return Math.clamp((long) x << exponent, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** {@code x * multiplier} with two roundings: {@code MultiplyByQuantizedMultiplier}. */
  static int multiply(int x, Multiplier multiplier) {
    int left = Math.max(multiplier.exponent(), 0);
    int right = Math.max(-multiplier.exponent(), 0);
    return roundingShiftRight(doublingHighMultiply(x << left, multiplier.mantissa()), right);
  }

  /**
   * {@code exp(x)} for {@code x <= 0} with 5 integer bits (26 fractional); the result has none, so
   * 1 is {@link Integer#MAX_VALUE}. gemmlowp's {@code exp_on_negative_values}: a polynomial on
   * [-1/4, 0) times a product of stored powers chosen by the remaining bits.
   */
  static int expOfNegative(int x) {
    if (x == 0) {
      return Integer.MAX_VALUE;
    }
    int quarter = 1 << 24;
    int fraction = (x & (quarter - 1)) - quarter;
    int result = expNearZero(saturatingShiftLeft(fraction, 5));
    int remainder = fraction - x;
    for (int bit = 0; bit < EXP_OF_MINUS_POWER.length; bit++) {
      if ((remainder & (1 << (24 + bit))) != 0) {
        result = doublingHighMultiply(result, EXP_OF_MINUS_POWER[bit]);
      }
    }
    return result;
  }

  /** exp(-2^k) for k = -2 to 4, scaled by 2^31. */
  private static final int[] EXP_OF_MINUS_POWER = {
    1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242
  };

  /** exp(x) for x in [-1/4, 0): a Taylor polynomial of fourth order around -1/8. */
  private static int expNearZero(int x) {
    int expOfMinusEighth = 1895147668;
    int third = 715827883;
    int y = x + (1 << 28);
    int y2 = doublingHighMultiply(y, y);
    int y3 = doublingHighMultiply(y2, y);
    int y4 = doublingHighMultiply(y2, y2);
    int quarterOfY4 = roundingShiftRight(y4, 2);
    int higher = roundingShiftRight(doublingHighMultiply(quarterOfY4 + y3, third) + y2, 1);
    return expOfMinusEighth + doublingHighMultiply(expOfMinusEighth, y + higher);
  }

  /**
   * {@code 1 / (1 + x)} for x in [0, 1), no integer bits: three Newton-Raphson steps, gemmlowp's
   * {@code one_over_one_plus_x_for_x_in_0_1}.
   */
  static int reciprocalOfOnePlus(int x) {
    long sum = (long) x + Integer.MAX_VALUE;
    int halfDenominator = (int) ((sum + 1) / 2);
    int oneWithTwoIntegerBits = 1 << 29;
    int y = 1515870810 + doublingHighMultiply(halfDenominator, -1010580540);
    for (int step = 0; step < 3; step++) {
      int product = doublingHighMultiply(halfDenominator, y);
      y += saturatingShiftLeft(doublingHighMultiply(y, oneWithTwoIntegerBits - product), 2);
    }
    return saturatingShiftLeft(y, 1);
  }
}
