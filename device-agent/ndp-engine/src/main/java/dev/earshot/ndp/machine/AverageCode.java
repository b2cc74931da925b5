package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.R10;
import static dev.earshot.ndp.machine.Assembler.R13;
import static dev.earshot.ndp.machine.Assembler.R14;
import static dev.earshot.ndp.machine.Assembler.R15;
import static dev.earshot.ndp.machine.Assembler.R8;
import static dev.earshot.ndp.machine.Assembler.R9;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RBX;
import static dev.earshot.ndp.machine.Assembler.RDI;
import static dev.earshot.ndp.machine.Assembler.RDX;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static dev.earshot.ndp.machine.Assembler.zmm;
import static dev.earshot.ndp.machine.Constants.LANES;

import dev.earshot.ndp.kernel.Requantizer;

/**
 * AVERAGE_POOL_2D whose windows lie inside the image: {@code trunc((sum + sign(sum) * (count / 2))
 * / count)}. The quotient of two integers below 2^23 in single precision, rounded to nearest, never
 * reaches the next integer that the real one stays short of: they are at least 1 / count apart.
 */
record AverageCode(
    Assembler assembler,
    Constants constants,
    Raster inputs,
    Raster outputs,
    DepthwiseCode.Window window,
    int channels,
    Requantizer.Range range) {
  private static final int LARGEST = 1 << 23;

  // Registers of constants.
  private static final int BIAS = 24;
  private static final int HALF = 25;
  private static final int COUNT = 26;
  private static final int LOWEST = 27;
  private static final int HIGHEST = 28;
  private static final int ONE_BIAS = 29;

  static boolean isExactFor(int count) {
    return (long) count * 129 < LARGEST;
  }

  void write() {
    int count = window.rows() * window.columns();
    load(BIAS, 128 * count);
    load(HALF, count / 2);
    load(COUNT, Float.floatToRawIntBits(count));
    load(LOWEST, range.lowest());
    load(HIGHEST, range.highest());
    load(ONE_BIAS, 128);
    int tail = Rescaling.tail(assembler, channels);
    assembler.mov(R15, RDI);
    Tiling.vectors(assembler, RBX, channels, tail, this::vector);
  }

  private void load(int register, int value) {
    assembler.vmovdqu32(register, at(RSI, constants.putInts(value)));
  }

  /** Sixteen channels of all pixels. */
  private void vector(int mask) {
    assembler.lea(R13, at(R15, inputs.start()));
    assembler.lea(R14, at(R15, outputs.start()));
    Tiling.write(assembler, inputs, outputs, 1, (in, out) -> pixel(mask));
    assembler.add(R15, LANES);
  }

  private void pixel(int mask) {
    assembler.vpxord(0, 0, zmm(0));
    assembler.mov(R9, RAX);
    Tiling.loop(
        assembler,
        R10,
        window.rows(),
        () -> {
          Tiling.loop(
              assembler,
              R8,
              window.columns(),
              () -> {
                assembler.vpmovzxbd(1, at(R9, 0));
                assembler.vpaddd(0, 0, zmm(1));
                assembler.add(R9, window.columnStep());
              });
          assembler.add(R9, window.rowStep() - window.columns() * window.columnStep());
        });
    // The sum of the int8 values, half a count away from zero.
    assembler.vpsubd(0, 0, zmm(BIAS));
    assembler.vpsrad(1, 0, 31);
    assembler.vpxord(2, 1, zmm(HALF));
    assembler.vpsubd(2, 2, zmm(1));
    assembler.vpaddd(0, 0, zmm(2));
    assembler.vcvtdq2ps(0, 0);
    assembler.vdivps(0, 0, zmm(COUNT));
    assembler.vcvttps2dq(0, 0);
    assembler.vpmaxsd(0, 0, zmm(LOWEST));
    assembler.vpminsd(0, 0, zmm(HIGHEST));
    assembler.vpaddd(0, 0, zmm(ONE_BIAS));
    assembler.vpmovdb(at(RDX, 0), 0, mask);
  }
}
