package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.R11;
import static dev.earshot.ndp.machine.Assembler.R13;
import static dev.earshot.ndp.machine.Assembler.R14;
import static dev.earshot.ndp.machine.Assembler.R15;
import static dev.earshot.ndp.machine.Assembler.R8;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RCX;
import static dev.earshot.ndp.machine.Assembler.RDI;
import static dev.earshot.ndp.machine.Assembler.RDX;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static dev.earshot.ndp.machine.Assembler.toAll;
import static dev.earshot.ndp.machine.Assembler.zmm;
import static dev.earshot.ndp.machine.Constants.LANES;

import dev.earshot.ndp.kernel.FixedPoint;
import dev.earshot.ndp.kernel.QuantizedAddition;

/**
 * ADD of two activations of the same shape: {@link QuantizedAddition} says how, with three
 * multiplications in fixed point (two roundings each) for every output.
 */
record AddCode(
    Assembler assembler,
    Constants constants,
    Place first,
    Place second,
    Place output,
    QuantizedAddition addition) {
  // Registers: what operands and their sum are multiplied with, the operands' zero points.
  private static final int FIRST_MANTISSA = 24;
  private static final int SECOND_MANTISSA = 25;
  private static final int SUM_MANTISSA = 26;
  private static final int FIRST_ZERO = 27;
  private static final int SECOND_ZERO = 29;

  /**
   * Whether nothing is shifted to the left, and the sum's last shift leaves room for the zero
   * point. Operands are below 2^28, their sum below 2^29.
   */
  static boolean isFor(QuantizedAddition addition) {
    int shift = -addition.multiplier().exponent();
    return addition.first().exponent() <= 0
        && addition.second().exponent() <= 0
        && shift > 0
        && shift <= 20;
  }

  void write() {
    Rescaling.InFixedPoint.beginProducts(assembler, constants);
    load(FIRST_MANTISSA, addition.first().mantissa());
    load(SECOND_MANTISSA, addition.second().mantissa());
    load(SUM_MANTISSA, addition.multiplier().mantissa());
    load(FIRST_ZERO, Rescaling.biased(first.zeroPoint()));
    load(SECOND_ZERO, Rescaling.biased(second.zeroPoint()));
    Outputs outputs = new Outputs();
    int bytes = output.plane().width() * output.plane().channels();
    int tail = Rescaling.tail(assembler, bytes);
    assembler.lea(R13, at(RDI, first.start() + first.plane().start(0, 0)));
    assembler.lea(R14, at(RDI, second.start() + second.plane().start(0, 0)));
    assembler.lea(R15, at(RDI, output.start() + output.plane().start(0, 0)));
    Tiling.loop(
        assembler,
        R11,
        output.plane().height(),
        () -> {
          assembler.mov(RAX, R13);
          assembler.mov(RCX, R14);
          assembler.mov(RDX, R15);
          Tiling.vectors(assembler, R8, bytes, tail, outputs::write);
          assembler.add(R13, first.plane().rowStride());
          assembler.add(R14, second.plane().rowStride());
          assembler.add(R15, output.plane().rowStride());
        });
  }

  private void load(int register, int value) {
    assembler.vmovdqu32(register, at(RSI, constants.putInts(value)));
  }

  /** The code of sixteen outputs, with the constants that it reads from memory. */
  private final class Outputs {
    private final int shift = -addition.multiplier().exponent();
    private final int firstHalf = constants.putInts(Rescaling.half(-addition.first().exponent()));
    private final int secondHalf = constants.putInts(Rescaling.half(-addition.second().exponent()));
    private final int sumHalf =
        constants.putInts(
            Rescaling.half(shift) + (Rescaling.biased(addition.range().zeroPoint()) << shift));
    private final int lowest = constants.putInts(Rescaling.biased(addition.range().lowest()));
    private final int highest = constants.putInts(Rescaling.biased(addition.range().highest()));

    void write(int mask) {
      operand(1, RAX, FIRST_ZERO, FIRST_MANTISSA, addition.first(), firstHalf);
      operand(2, RCX, SECOND_ZERO, SECOND_MANTISSA, addition.second(), secondHalf);
      assembler.vpaddd(0, 1, zmm(2));
      Rescaling.InFixedPoint.product(assembler, 1, 0, SUM_MANTISSA, SUM_MANTISSA);
      roundedShift(1, shift, sumHalf);
      assembler.vpmaxsd(1, 1, toAll(RSI, lowest));
      assembler.vpminsd(1, 1, toAll(RSI, highest));
      assembler.vpmovdb(at(RDX, 0), 1, mask);
      assembler.add(RAX, LANES);
      assembler.add(RCX, LANES);
      assembler.add(RDX, LANES);
    }

    /** On the common scale. */
    private void operand(
        int to, int from, int zeroPoint, int mantissa, FixedPoint.Multiplier multiplier, int half) {
      assembler.vpmovzxbd(0, at(from, 0));
      assembler.vpsubd(0, 0, zmm(zeroPoint));
      assembler.vpslld(0, 0, QuantizedAddition.EXTRA_BITS);
      Rescaling.InFixedPoint.product(assembler, to, 0, mantissa, mantissa);
      if (multiplier.exponent() < 0) {
        roundedShift(to, -multiplier.exponent(), half);
      }
    }

    /** The second rounding. */
    private void roundedShift(int of, int shift, int half) {
      assembler.vpsrad(28, of, 31);
      assembler.vpaddd(of, of, toAll(RSI, half));
      assembler.vpaddd(of, of, zmm(28));
      assembler.vpsrad(of, of, shift);
    }
  }
}
