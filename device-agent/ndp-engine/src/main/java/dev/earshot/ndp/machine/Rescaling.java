package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.ALL;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static dev.earshot.ndp.machine.Assembler.toAll;
import static dev.earshot.ndp.machine.Assembler.zmm;
import static dev.earshot.ndp.machine.Constants.VECTOR;

import dev.earshot.ndp.kernel.FixedPoint;
import dev.earshot.ndp.kernel.Requantizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Code that turns sums into outputs, to the bit as the {@link Requantizer} does: sixteen int32 sums
 * in a register become sixteen bytes in memory. An output byte is the int8 value plus 128. Uses
 * registers 24 to 31 and masks 1 (of the caller) and 2.
 */
sealed interface Rescaling {
  /** Registers of one vector's constants; the four from here on are free between outputs. */
  int FIRST = 24;

  /** Vectors of constants for sixteen channels. */
  int vectors();

  /** Appends the constants of sixteen channels, some of which may be beyond the last. */
  void put(Constants constants, int firstChannel);

  /** Appends what is needed for all channels. */
  void putCommon(Constants constants);

  /** Before any output of an operator. */
  void prepare(Assembler assembler);

  /** Before outputs of sixteen channels whose constants are there. */
  void load(Assembler assembler, int base, int displacement);

  /** The same for channels that are repeated so many times. */
  Rescaling repeated(int times);

  /** One output vector. */
  void write(Assembler assembler, int sums, Assembler.Memory output, int mask);

  /**
   * The code for a requantizer.
   *
   * @param largest by channel: the largest magnitude of its sums
   * @return null when the sums or multipliers are beyond what the code is exact for
   */
  static @Nullable Rescaling of(Requantizer requantizer, long[] largest) {
    return switch (requantizer) {
      case Requantizer.TwoRoundings two -> InFixedPoint.of(two, largest);
      case Requantizer.OneRounding one -> new InDoubles(one.multipliers(), one.range());
    };
  }

  /**
   * gemmlowp's two roundings. The first one is bits 31 to 62 of a 64-bit product plus 2^30, of
   * lanes with even and odd numbers by themselves; the second one is a shift of
   *
   * <pre>
   * first + 2^(s-1) - (first &lt; 0 ? 1 : 0)
   * </pre>
   *
   * <p>A multiplier above 1/2 shifts nothing to the right and perhaps the sum to the left.
   */
  final class InFixedPoint implements Rescaling {
    private final int[] mantissas;
    private final int[] shifts;
    private final Requantizer.Range range;

    /** Whether every channel is shifted to the right, as is usual: the others take more code. */
    private final boolean allShrink;

    private int common;
    private Assembler.Memory left = at(RSI, 0);
    private Assembler.Memory shrinking = at(RSI, 0);

    private InFixedPoint(int[] mantissas, int[] shifts, Requantizer.Range range) {
      this.mantissas = mantissas;
      this.shifts = shifts;
      this.range = range;
      allShrink = Arrays.stream(shifts).allMatch(shift -> shift > 0);
    }

    static @Nullable Rescaling of(Requantizer.TwoRoundings requantizer, long[] largest) {
      int channels = requantizer.channels();
      int[] mantissas = new int[channels];
      int[] shifts = new int[channels];
      for (int c = 0; c < channels; c++) {
        FixedPoint.Multiplier multiplier = requantizer.multipliers()[c];
        int shift = -multiplier.exponent();
        if (multiplier.mantissa() == 0) {
          shifts[c] = 1;
        } else if (shift > 0 && largest[c] + (1L << (shift - 1)) >= Integer.MAX_VALUE) {
          return null;
        } else {
          mantissas[c] = multiplier.mantissa();
          shifts[c] = shift;
        }
      }
      return new InFixedPoint(mantissas, shifts, requantizer.range());
    }

    @Override
    public int vectors() {
      return allShrink ? 4 : 6;
    }

    @Override
    public void put(Constants constants, int firstChannel) {
      constants.put(lane -> mantissa(firstChannel + lane));
      constants.put(lane -> mantissa(firstChannel + (lane | 1)));
      constants.put(lane -> half(shift(firstChannel + lane)));
      constants.put(lane -> Math.max(shift(firstChannel + lane), 0));
      if (!allShrink) {
        constants.put(lane -> Math.max(-shift(firstChannel + lane), 0));
        constants.put(lane -> shift(firstChannel + lane) > 0 ? -1 : 0);
      }
    }

    private int mantissa(int channel) {
      return channel < mantissas.length ? mantissas[channel] : 0;
    }

    private int shift(int channel) {
      return channel < shifts.length ? shifts[channel] : 1;
    }

    @Override
    public Rescaling repeated(int times) {
      int channels = mantissas.length;
      int[] moreMantissas = new int[channels * times];
      int[] moreShifts = new int[channels * times];
      Arrays.setAll(moreMantissas, c -> mantissas[c % channels]);
      Arrays.setAll(moreShifts, c -> shifts[c % channels]);
      return new InFixedPoint(moreMantissas, moreShifts, range);
    }

    @Override
    public void putCommon(Constants constants) {
      common = constants.here();
      constants.putLongs(1L << 30);
      constants.put(lane -> range.lowest() - range.zeroPoint());
      constants.put(lane -> range.highest() - range.zeroPoint());
      constants.put(lane -> biased(range.zeroPoint()));
    }

    @Override
    public void prepare(Assembler assembler) {
      assembler.vmovdqu32(31, at(RSI, common));
      assembler.vmovdqu32(30, at(RSI, common + VECTOR));
      assembler.mov32(RAX, 0x5555);
      assembler.kmovw(2, RAX);
    }

    @Override
    public void load(Assembler assembler, int base, int displacement) {
      for (int i = 0; i < 4; i++) {
        assembler.vmovdqu32(FIRST + i, at(base, displacement + i * VECTOR));
      }
      left = at(base, displacement + 4 * VECTOR);
      shrinking = at(base, displacement + 5 * VECTOR);
    }

    @Override
    public void write(Assembler assembler, int sums, Assembler.Memory output, int mask) {
      if (!allShrink) {
        assembler.vpsllvd(sums, sums, left);
      }
      assembler.vpsrlq(29, sums, 32);
      assembler.vpmuldq(28, sums, zmm(24));
      assembler.vpmuldq(29, 29, zmm(25));
      assembler.vpaddq(28, 28, zmm(31));
      assembler.vpaddq(29, 29, zmm(31));
      assembler.vpsrlq(28, 28, 31);
      assembler.vpaddq(29, 29, zmm(29));
      assembler.vmovdqa32(29, 28, 2);
      assembler.vpsrad(28, 29, 31);
      if (!allShrink) {
        assembler.vpandd(28, 28, shrinking);
      }
      assembler.vpaddd(29, 29, zmm(26));
      assembler.vpaddd(29, 29, zmm(28));
      assembler.vpsravd(29, 29, zmm(27));
      assembler.vpmaxsd(29, 29, zmm(30));
      assembler.vpminsd(29, 29, toAll(RSI, common + 2 * VECTOR));
      assembler.vpaddd(29, 29, toAll(RSI, common + 3 * VECTOR));
      assembler.vpmovdb(output, 29, mask);
    }
  }

  /**
   * One multiplication in double precision, rounded half away from zero: with t the product without
   * its fraction f, that is t plus 2 f without its fraction. Every step but the product is exact.
   */
  final class InDoubles implements Rescaling {
    private final double[] multipliers;
    private final Requantizer.Range range;
    private int common;

    private InDoubles(double[] multipliers, Requantizer.Range range) {
      this.multipliers = multipliers;
      this.range = range;
    }

    @Override
    public int vectors() {
      return 2;
    }

    @Override
    public void put(Constants constants, int firstChannel) {
      constants.putDoubles(lane -> multiplier(firstChannel + lane));
      constants.putDoubles(lane -> multiplier(firstChannel + Constants.LANES / 2 + lane));
    }

    private double multiplier(int channel) {
      return channel < multipliers.length ? multipliers[channel] : 0;
    }

    @Override
    public Rescaling repeated(int times) {
      double[] more = new double[multipliers.length * times];
      Arrays.setAll(more, c -> multipliers[c % multipliers.length]);
      return new InDoubles(more, range);
    }

    @Override
    public void putCommon(Constants constants) {
      common = constants.here();
      constants.put(lane -> biased(range.zeroPoint()));
      constants.putDoubles(lane -> range.lowest() - range.zeroPoint());
      constants.putDoubles(lane -> range.highest() - range.zeroPoint());
    }

    @Override
    public void prepare(Assembler assembler) {
      assembler.vmovdqu32(31, at(RSI, common));
      assembler.vmovdqu32(30, at(RSI, common + VECTOR));
    }

    @Override
    public void load(Assembler assembler, int base, int displacement) {
      for (int i = 0; i < vectors(); i++) {
        assembler.vmovdqu32(FIRST + i, at(base, displacement + i * VECTOR));
      }
    }

    @Override
    public void write(Assembler assembler, int sums, Assembler.Memory output, int mask) {
      assembler.vextracti64x4(29, sums);
      half(assembler, 28, sums, 24);
      half(assembler, 29, 29, 25);
      assembler.vinserti64x4(28, 28, 29);
      assembler.vpaddd(28, 28, zmm(31));
      assembler.vpmovdb(output, 28, mask);
    }

    private void half(Assembler assembler, int to, int sums, int multiplier) {
      assembler.vcvtdq2pd(to, sums);
      assembler.vmulpd(to, to, zmm(multiplier));
      assembler.vrndscalepd(26, to);
      assembler.vsubpd(to, to, zmm(26));
      assembler.vaddpd(to, to, zmm(to));
      assembler.vrndscalepd(to, to);
      assembler.vaddpd(to, to, zmm(26));
      assembler.vmaxpd(to, to, zmm(30));
      assembler.vminpd(to, to, at(RSI, common + 2 * VECTOR));
      assembler.vcvttpd2dq(to, to);
    }
  }

  /** What a right shift by so many bits needs for rounding to the nearest. */
  static int half(int shift) {
    return shift > 0 ? 1 << (shift - 1) : 0;
  }

  /** As a byte is held in machine code's planes: int8 plus 128. */
  static int biased(int value) {
    return value - Byte.MIN_VALUE;
  }

  /** Loads the mask of a last vector that is not full, or says that none is needed. */
  static int tail(Assembler assembler, int channels) {
    int rest = channels % Constants.LANES;
    if (rest == 0) {
      return ALL;
    }
    assembler.mov32(RAX, (1L << rest) - 1);
    assembler.kmovw(1, RAX);
    return 1;
  }
}
