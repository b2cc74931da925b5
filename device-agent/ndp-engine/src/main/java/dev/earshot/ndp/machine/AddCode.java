package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.ALL;
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
import static dev.earshot.ndp.machine.Constants.VECTOR;

import dev.earshot.ndp.kernel.FixedPoint;
import dev.earshot.ndp.kernel.QuantizedAddition;
import dev.earshot.ndp.kernel.Requantizer;

/**
 * ADD of two activations of the same shape: {@link QuantizedAddition} says how, with three
 * multiplications in fixed point (two roundings each) for every output.
 */
final class AddCode {
  private final Assembler assembler;
  private final Constants constants;
  private final Place first;
  private final Place second;
  private final Place output;
  private final QuantizedAddition addition;
  private int common;

  AddCode(
      Assembler assembler,
      Constants constants,
      Place first,
      Place second,
      Place output,
      QuantizedAddition addition) {
    this.assembler = assembler;
    this.constants = constants;
    this.first = first;
    this.second = second;
    this.output = output;
    this.addition = addition;
  }

  /** Whether every product stays in 31 bits when it is doubled, and no multiplier is above 1. */
  static boolean isFor(QuantizedAddition addition) {
    int shift = -addition.multiplier().exponent();
    return addition.first().exponent() <= 0
        && addition.second().exponent() <= 0
        && shift >= 1
        && shift <= 20;
  }

  void write() {
    putConstants();
    assembler.vmovdqu32(31, at(RSI, common));
    assembler.mov32(RAX, 0x5555);
    assembler.kmovw(2, RAX);
    for (int i = 1; i < 7; i++) {
      assembler.vmovdqu32(23 + i, at(RSI, common + i * VECTOR));
    }
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
          Tiling.loop(assembler, R8, bytes / LANES, () -> sums(ALL));
          if (tail != ALL) {
            sums(tail);
          }
          assembler.add(R13, first.plane().rowStride());
          assembler.add(R14, second.plane().rowStride());
          assembler.add(R15, output.plane().rowStride());
        });
  }

  private void putConstants() {
    Requantizer.Range range = addition.range();
    int shift = -addition.multiplier().exponent();
    common = constants.here();
    constants.putLongs(1L << 31);
    constants.put(lane -> addition.first().mantissa());
    constants.put(lane -> addition.second().mantissa());
    constants.put(lane -> addition.multiplier().mantissa());
    constants.put(lane -> Rescaling.half(shift) + (Rescaling.biased(range.zeroPoint()) << shift));
    constants.put(lane -> Rescaling.biased(first.zeroPoint()));
    constants.put(lane -> Rescaling.biased(second.zeroPoint()));
    constants.put(lane -> Rescaling.biased(range.lowest()));
    constants.put(lane -> Rescaling.biased(range.highest()));
    constants.put(lane -> Rescaling.half(-addition.first().exponent()));
    constants.put(lane -> Rescaling.half(-addition.second().exponent()));
  }

  /** Sixteen outputs. */
  private void sums(int mask) {
    term(0, RAX, 28, 24, addition.first(), 9);
    term(1, RCX, 29, 25, addition.second(), 10);
    assembler.vpaddd(0, 0, zmm(1));
    assembler.vpaddd(0, 0, zmm(0));
    product(0, 26);
    assembler.vpsrad(2, 0, 31);
    assembler.vpaddd(0, 0, zmm(27));
    assembler.vpaddd(0, 0, zmm(2));
    assembler.vpsrad(0, 0, -addition.multiplier().exponent());
    assembler.vpmaxsd(0, 0, toAll(RSI, common + 7 * VECTOR));
    assembler.vpminsd(0, 0, toAll(RSI, common + 8 * VECTOR));
    assembler.vpmovdb(at(RDX, 0), 0, mask);
    assembler.add(RAX, LANES);
    assembler.add(RCX, LANES);
    assembler.add(RDX, LANES);
  }

  /** An operand on the common scale. */
  private void term(
      int to, int from, int zeroPoint, int mantissa, FixedPoint.Multiplier multiplier, int half) {
    assembler.vpmovzxbd(to, at(from, 0));
    assembler.vpsubd(to, to, zmm(zeroPoint));
    // Doubled for the product.
    assembler.vpslld(to, to, QuantizedAddition.EXTRA_BITS + 1);
    product(to, mantissa);
    if (multiplier.exponent() < 0) {
      assembler.vpsrad(2, to, 31);
      assembler.vpaddd(to, to, toAll(RSI, common + half * VECTOR));
      assembler.vpaddd(to, to, zmm(2));
      assembler.vpsrad(to, to, -multiplier.exponent());
    }
  }

  /** The first rounding, of doubled lanes. */
  private void product(int of, int mantissa) {
    assembler.vpsrlq(3, of, 32);
    assembler.vpmuldq(2, of, zmm(mantissa));
    assembler.vpmuldq(of, 3, zmm(mantissa));
    assembler.vpaddq(2, 2, zmm(31));
    assembler.vpaddq(of, of, zmm(31));
    assembler.vmovshdup(of, 2, 2);
  }
}
