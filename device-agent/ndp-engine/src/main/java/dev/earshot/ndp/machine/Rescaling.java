package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.ALL;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static dev.earshot.ndp.machine.Assembler.toAll;
import static dev.earshot.ndp.machine.Assembler.zmm;
import static dev.earshot.ndp.machine.Constants.LANES;
import static dev.earshot.ndp.machine.Constants.VECTOR;

import dev.earshot.ndp.kernel.FixedPoint;
import dev.earshot.ndp.kernel.Requantizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Code that turns sums into outputs, to the bit as the {@link Requantizer} does: sixteen int32 sums
 * in a register become sixteen bytes in memory. An output byte is the int8 value plus 128. Uses
 * vector registers from {@link #FIRST} on and mask 2; mask 1 is for {@link #tail}.
 */
sealed interface Rescaling {
  /** The first register of what channels are multiplied with; four of them, free between loads. */
  int FIRST = 24;

  /** Vectors of constants for sixteen channels. */
  int vectors();

  /** Appends the constants of sixteen channels, some of which may be beyond the last. */
  void put(Constants constants, int firstChannel);

  /** The same for channels that are repeated so many times. */
  Rescaling repeated(int times);

  /** Before anything else of an operator. */
  void begin(Assembler assembler, Constants constants);

  /** Before outputs of sixteen channels, whose constants are there. */
  void load(Assembler assembler, int base, int displacement);

  /** One output vector. */
  void write(Assembler assembler, int sums, Assembler.Memory output, int mask);

  /**
   * The code for a requantizer.
   *
   * @param largest by channel: the largest magnitude of its sums
   * @return null when the sums are beyond what the code is exact for
   */
  static @Nullable Rescaling of(Requantizer requantizer, long[] largest) {
    return switch (requantizer) {
      case Requantizer.TwoRoundings two ->
          InFixedPoint.isExactFor(two, largest) ? new InFixedPoint(two) : null;
      case Requantizer.OneRounding one -> new InDoubles(one.multipliers(), one.range());
    };
  }

  /**
   * gemmlowp's two roundings. The first one is bits 31 to 62 of a 64-bit product plus 2^30, of
   * lanes with even and odd numbers by themselves; the second one is a shift by s bits of
   *
   * <pre>
   * first + 2^(s-1) - (first &lt; 0 ? 1 : 0)
   * </pre>
   *
   * <p>A multiplier above 1/2 shifts nothing to the right, and perhaps the sum to the left.
   */
  final class InFixedPoint implements Rescaling {
    private final int[] mantissas;

    /** To the right; negative to the left. */
    private final int[] shifts;

    private final Requantizer.Range range;

    /** Whether every channel is shifted to the right, as is usual: the others take more code. */
    private final boolean allShrink;

    private int highest;
    private int zeroPoint;
    private Assembler.Memory left = at(RSI, 0);
    private Assembler.Memory shrinking = at(RSI, 0);

    private InFixedPoint(int[] mantissas, int[] shifts, Requantizer.Range range) {
      this.mantissas = mantissas;
      this.shifts = shifts;
      this.range = range;
      allShrink = Arrays.stream(shifts).allMatch(shift -> shift > 0);
    }

    private InFixedPoint(Requantizer.TwoRoundings requantizer) {
      this(
          Arrays.stream(requantizer.multipliers())
              .mapToInt(FixedPoint.Multiplier::mantissa)
              .toArray(),
          Arrays.stream(requantizer.multipliers()).mapToInt(InFixedPoint::shift).toArray(),
          requantizer.range());
    }

    /** Zero, whose exponent is 0, may be shifted by any number of bits. */
    private static int shift(FixedPoint.Multiplier multiplier) {
      return multiplier.mantissa() == 0 ? 1 : -multiplier.exponent();
    }

    /** Whether the sum before the last shift stays in 32 bits. */
    static boolean isExactFor(Requantizer.TwoRoundings requantizer, long[] largest) {
      for (int c = 0; c < largest.length; c++) {
        FixedPoint.Multiplier multiplier = requantizer.multipliers()[c];
        int shift = shift(multiplier);
        if (multiplier.mantissa() != 0
            && shift > 0
            && largest[c] + half(shift) >= Integer.MAX_VALUE) {
          return false;
        }
      }
      return true;
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
      return new InFixedPoint(
          Rescaling.repeated(mantissas, times), Rescaling.repeated(shifts, times), range);
    }

    @Override
    public void begin(Assembler assembler, Constants constants) {
      int lowest = constants.putInts(range.lowest() - range.zeroPoint());
      highest = constants.putInts(range.highest() - range.zeroPoint());
      zeroPoint = constants.putInts(biased(range.zeroPoint()));
      assembler.vmovdqu32(30, at(RSI, lowest));
      beginProducts(assembler, constants);
    }

    /** Puts what {@link #product} needs into register 31 and mask 2. */
    static void beginProducts(Assembler assembler, Constants constants) {
      assembler.vmovdqu32(31, at(RSI, constants.putLongs(1L << 30)));
      assembler.mov32(RAX, 0x5555);
      assembler.kmovw(2, RAX);
    }

    /**
     * The first rounding.
     *
     * @param to another register than that of the factor; register 28 is used too
     * @param even the multiplier of lanes with even numbers
     * @param odd in their places, that of the next lanes
     */
    static void product(Assembler assembler, int to, int factor, int even, int odd) {
      assembler.vpsrlq(to, factor, 32);
      assembler.vpmuldq(28, factor, zmm(even));
      assembler.vpmuldq(to, to, zmm(odd));
      assembler.vpaddq(28, 28, zmm(31));
      assembler.vpaddq(to, to, zmm(31));
      assembler.vpsrlq(28, 28, 31);
      assembler.vpaddq(to, to, zmm(to));
      assembler.vmovdqa32(to, 28, 2);
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
      product(assembler, 29, sums, FIRST, FIRST + 1);
      assembler.vpsrad(28, 29, 31);
      if (!allShrink) {
        assembler.vpandd(28, 28, shrinking);
      }
      assembler.vpaddd(29, 29, zmm(FIRST + 2));
      assembler.vpaddd(29, 29, zmm(28));
      assembler.vpsravd(29, 29, zmm(FIRST + 3));
      assembler.vpmaxsd(29, 29, zmm(30));
      assembler.vpminsd(29, 29, toAll(RSI, highest));
      assembler.vpaddd(29, 29, toAll(RSI, zeroPoint));
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
    private int highest;

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
      constants.putDoubles(lane -> multiplier(firstChannel + LANES / 2 + lane));
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
    public void begin(Assembler assembler, Constants constants) {
      highest = constants.putDoubles(lane -> range.highest() - range.zeroPoint());
      int lowest = constants.putDoubles(lane -> range.lowest() - range.zeroPoint());
      assembler.vmovdqu32(30, at(RSI, lowest));
      assembler.vmovdqu32(31, at(RSI, constants.putInts(biased(range.zeroPoint()))));
    }

    @Override
    public void load(Assembler assembler, int base, int displacement) {
      assembler.vmovdqu32(FIRST, at(base, displacement));
      assembler.vmovdqu32(FIRST + 1, at(base, displacement + VECTOR));
    }

    @Override
    public void write(Assembler assembler, int sums, Assembler.Memory output, int mask) {
      assembler.vextracti64x4(29, sums);
      half(assembler, 28, sums, FIRST);
      half(assembler, 29, 29, FIRST + 1);
      assembler.vinserti64x4(28, 28, 29);
      assembler.vpaddd(28, 28, zmm(31));
      assembler.vpmovdb(output, 28, mask);
    }

    private void half(Assembler assembler, int to, int sums, int multiplier) {
      assembler.vcvtdq2pd(to, sums);
      assembler.vmulpd(to, to, zmm(multiplier));
      assembler.vrndscalepd(FIRST + 2, to);
      assembler.vsubpd(to, to, zmm(FIRST + 2));
      assembler.vaddpd(to, to, zmm(to));
      assembler.vrndscalepd(to, to);
      assembler.vaddpd(to, to, zmm(FIRST + 2));
      assembler.vmaxpd(to, to, zmm(30));
      assembler.vminpd(to, to, at(RSI, highest));
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

  /** Those values so many times. */
  static int[] repeated(int[] values, int times) {
    int[] more = new int[values.length * times];
    Arrays.setAll(more, i -> values[i % values.length]);
    return more;
  }

  /** Puts the mask of a last vector that is not full into mask 1, or says that none is needed. */
  static int tail(Assembler assembler, int channels) {
    int rest = channels % LANES;
    if (rest == 0) {
      return ALL;
    }
    assembler.mov32(RAX, (1L << rest) - 1);
    assembler.kmovw(1, RAX);
    return 1;
  }
}
