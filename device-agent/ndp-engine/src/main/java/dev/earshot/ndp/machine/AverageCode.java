package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.ALL;
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
import static dev.earshot.ndp.machine.Constants.VECTOR;

import dev.earshot.ndp.kernel.Requantizer;

/**
 * AVERAGE_POOL_2D whose windows lie inside the image: {@code trunc((sum + sign(sum) * (count / 2))
 * / count)}. The quotient of two integers below 2^23 in single precision, rounded to nearest, never
 * reaches the next integer that the real one stays short of: they are at least 1 / count apart.
 */
final class AverageCode {
  private static final int LARGEST = 1 << 23;

  private final Assembler assembler;
  private final Constants constants;
  private final Raster inputs;
  private final Raster outputs;
  private final DepthwiseCode.Window window;
  private final int channels;
  private final Requantizer.Range range;
  private int common;

  AverageCode(
      Assembler assembler,
      Constants constants,
      Raster inputs,
      Raster outputs,
      DepthwiseCode.Window window,
      int channels,
      Requantizer.Range range) {
    this.assembler = assembler;
    this.constants = constants;
    this.inputs = inputs;
    this.outputs = outputs;
    this.window = window;
    this.channels = channels;
    this.range = range;
  }

  static boolean isExactFor(int count) {
    return (long) count * 129 < LARGEST;
  }

  void write() {
    int count = window.rows() * window.columns();
    common = constants.here();
    constants.put(lane -> 128 * count);
    constants.put(lane -> count / 2);
    constants.put(lane -> Float.floatToRawIntBits(count));
    constants.put(lane -> 128);
    constants.put(lane -> Rescaling.biased(range.lowest()));
    constants.put(lane -> Rescaling.biased(range.highest()));
    for (int i = 0; i < 6; i++) {
      assembler.vmovdqu32(Rescaling.FIRST + i, at(RSI, common + i * VECTOR));
    }
    int vectors = (channels + LANES - 1) / LANES;
    int tail = Rescaling.tail(assembler, channels);
    int full = tail == ALL ? vectors : vectors - 1;
    assembler.mov(R15, RDI);
    Tiling.loop(assembler, RBX, full, () -> vector(ALL));
    if (full < vectors) {
      vector(tail);
    }
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
    assembler.vpsubd(0, 0, zmm(24));
    assembler.vpsrad(1, 0, 31);
    assembler.vpxord(2, 1, zmm(25));
    assembler.vpsubd(2, 2, zmm(1));
    assembler.vpaddd(0, 0, zmm(2));
    assembler.vcvtdq2ps(0, 0);
    assembler.vdivps(0, 0, zmm(26));
    assembler.vcvttps2dq(0, 0);
    assembler.vpaddd(0, 0, zmm(27));
    assembler.vpmaxsd(0, 0, zmm(28));
    assembler.vpminsd(0, 0, zmm(29));
    assembler.vpmovdb(at(RDX, 0), 0, mask);
  }
}
