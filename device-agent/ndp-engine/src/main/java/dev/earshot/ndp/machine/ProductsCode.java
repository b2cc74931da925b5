package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.ALL;
import static dev.earshot.ndp.machine.Assembler.R10;
import static dev.earshot.ndp.machine.Assembler.R12;
import static dev.earshot.ndp.machine.Assembler.R13;
import static dev.earshot.ndp.machine.Assembler.R14;
import static dev.earshot.ndp.machine.Assembler.R15;
import static dev.earshot.ndp.machine.Assembler.R8;
import static dev.earshot.ndp.machine.Assembler.R9;
import static dev.earshot.ndp.machine.Assembler.RAX;
import static dev.earshot.ndp.machine.Assembler.RBX;
import static dev.earshot.ndp.machine.Assembler.RCX;
import static dev.earshot.ndp.machine.Assembler.RDI;
import static dev.earshot.ndp.machine.Assembler.RDX;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static dev.earshot.ndp.machine.Assembler.zmm;
import static dev.earshot.ndp.machine.Constants.LANES;
import static dev.earshot.ndp.machine.Constants.VECTOR;

import dev.earshot.ndp.graph.SlidingWindow;
import java.util.Arrays;

/**
 * CONV_2D and FULLY_CONNECTED: every output is a sum over runs of bytes that lie side by side, one
 * run for each row of the window. A tile is some pixels times some vectors of sixteen outputs; a
 * step adds the products of four bytes of a pixel's run to each of its vectors with one {@code
 * vpdpbusd}.
 *
 * <p>That instruction takes one factor unsigned, so planes hold int8 values plus 128: {@code sum of
 * (x + 128) w} is {@code sum of (x - zeroPoint) w} plus {@code (128 + zeroPoint) * sum of w}, which
 * the {@code bias} given here is without. Sums wrap around as int32 sums do.
 *
 * <p>Weights: blocks of outputs, each [run][step][output][4 bytes], zero behind a run's end.
 */
record ProductsCode(
    Assembler assembler,
    Constants constants,
    Raster inputs,
    Raster outputs,
    Window window,
    Weights weights,
    int[] bias,
    Rescaling rescaling) {
  /** Registers that a tile's sums may take. */
  private static final int SUMS = 24;

  /** Sums that must be under way at once: latency times instructions per cycle. */
  private static final int BUSY = 10;

  /** Steps that are written out one after another. */
  private static final int STRAIGHT = 16;

  private static final int MOST_TAPS = 64;

  /** The weight of an output for byte {@code i} of a run. */
  @FunctionalInterface
  interface Weights {
    byte at(int output, int run, int i);
  }

  /**
   * What is summed.
   *
   * @param rows of the window
   * @param rowStep bytes from one to the next
   * @param taps runs of a row: one of a dense window, one for each tap of a dilated one
   * @param tapStep bytes from one to the next
   * @param runLength bytes of a run
   */
  record Window(int rows, int rowStep, int taps, int tapStep, int runLength) {
    int runs() {
      return rows * taps;
    }

    /** Instructions for each run and output vector. */
    int steps() {
      return Math.ceilDiv(runLength, 4);
    }

    int offset(int run) {
      return run / taps * rowStep + run % taps * tapStep;
    }
  }

  /** Runs of a window's row that are apart: each is code of its own. */
  static int taps(SlidingWindow window) {
    return window.dilationWidth() == 1 ? 1 : window.width();
  }

  static boolean isFor(SlidingWindow window) {
    return taps(window) <= MOST_TAPS;
  }

  void write() {
    rescaling.begin(assembler, constants);
    int[] sizes = blockSizes();
    int tail = Rescaling.tail(assembler, bias.length);
    // The last one is code of its own when it is not full.
    int alike = tail == ALL ? sizes.length : sizes.length - 1;
    assembler.lea(R15, at(RDI, outputs.start()));
    int firstVector = 0;
    for (int from = 0, to; from < sizes.length; from = to) {
      to = from + 1;
      while (to < alike && sizes[to] == sizes[from]) {
        to++;
      }
      blocks(firstVector, to - from, sizes[from], to == sizes.length ? tail : ALL);
      firstVector += (to - from) * sizes[from];
    }
  }

  /** Vectors of outputs of each block, as even as can be, large ones first. */
  private int[] blockSizes() {
    int vectors = Math.ceilDiv(bias.length, LANES);
    int most = inputs.pixels() == 1 ? 8 : 4;
    int blocks = Math.ceilDiv(vectors, most);
    int[] sizes = new int[blocks];
    Arrays.setAll(sizes, block -> Math.ceilDiv(vectors - block, blocks));
    return sizes;
  }

  private int constantBytes(int vectors) {
    return vectors * VECTOR * (1 + rescaling.vectors());
  }

  private int blockBytes(int vectors) {
    return constantBytes(vectors) + window.runs() * window.steps() * vectors * VECTOR;
  }

  private void blocks(int firstVector, int count, int vectors, int mask) {
    int start = constants.here();
    for (int block = 0; block < count; block++) {
      putBlock((firstVector + block * vectors) * LANES, vectors);
    }
    assembler.lea(R12, at(RSI, start));
    Tiling.loop(
        assembler,
        RBX,
        count,
        () -> {
          assembler.lea(R13, at(RDI, inputs.start()));
          assembler.mov(R14, R15);
          Tiling.write(
              assembler,
              inputs,
              outputs,
              Math.min(16, SUMS / vectors),
              (in, out) -> new Tile(in, out, vectors, mask).write());
          assembler.add(R12, blockBytes(vectors));
          assembler.add(R15, vectors * LANES);
        });
  }

  private void putBlock(int firstOutput, int vectors) {
    for (int v = 0; v < vectors; v++) {
      int from = firstOutput + v * LANES;
      constants.put(lane -> from + lane < bias.length ? bias[from + lane] : 0);
    }
    for (int v = 0; v < vectors; v++) {
      rescaling.put(constants, firstOutput + v * LANES);
    }
    for (int run = 0; run < window.runs(); run++) {
      for (int step = 0; step < window.steps(); step++) {
        for (int o = firstOutput; o < firstOutput + vectors * LANES; o++) {
          for (int i = 4 * step; i < 4 * step + 4; i++) {
            boolean exists = o < bias.length && i < window.runLength();
            constants.put(exists ? weights.at(o, run, i) : 0);
          }
        }
      }
    }
  }

  /** The code of one size of tile. */
  private final class Tile {
    private final int[] in;
    private final int[] out;
    private final int vectors;
    private final int mask;
    private final int pixels;

    /** Sums of the same output that are added in the end. */
    private final int shares;

    private int nextStep;

    Tile(int[] in, int[] out, int vectors, int mask) {
      this.in = in;
      this.out = out;
      this.vectors = vectors;
      this.mask = mask;
      pixels = in.length;
      int sums = pixels * vectors;
      int wanted = Math.min(Math.ceilDiv(BUSY, sums), SUMS / sums);
      shares = Math.min(wanted, window.runs() * window.steps());
    }

    private int sum(int share, int pixel, int vector) {
      return (share * pixels + pixel) * vectors + vector;
    }

    void write() {
      start();
      assembler.lea(RCX, at(R12, constantBytes(vectors)));
      if (window.runs() * window.steps() <= STRAIGHT) {
        for (int run = 0; run < window.runs(); run++) {
          for (int step = 0; step < window.steps(); step++) {
            step(RAX, window.offset(run) + 4 * step, run * window.steps() + step);
          }
        }
      } else {
        assembler.mov(R9, RAX);
        Tiling.loop(assembler, R10, window.rows(), this::row);
      }
      finish();
    }

    private void start() {
      for (int v = 0; v < vectors; v++) {
        assembler.vmovdqu32(sum(0, 0, v), at(R12, v * VECTOR));
        for (int p = 1; p < pixels; p++) {
          assembler.vmovdqa32(sum(0, p, v), sum(0, 0, v), ALL);
        }
      }
      for (int i = pixels * vectors; i < shares * pixels * vectors; i++) {
        assembler.vpxord(i, i, zmm(i));
      }
    }

    private void row() {
      for (int tap = 0; tap < window.taps(); tap++) {
        run();
        assembler.add(R9, window.tapStep());
      }
      assembler.add(R9, window.rowStep() - window.taps() * window.tapStep());
    }

    /** Leaves {@code R9} where it is. */
    private void run() {
      int times = window.steps() / STRAIGHT;
      Tiling.loop(
          assembler,
          R8,
          times,
          () -> {
            straight(STRAIGHT);
            assembler.add(R9, 4 * STRAIGHT);
            assembler.add(RCX, STRAIGHT * vectors * VECTOR);
          });
      int rest = window.steps() - times * STRAIGHT;
      straight(rest);
      assembler.add(R9, -4 * STRAIGHT * times);
      assembler.add(RCX, rest * vectors * VECTOR);
    }

    private void straight(int steps) {
      for (int step = 0; step < steps; step++) {
        step(R9, 4 * step, step);
      }
    }

    private void step(int base, int displacement, int weightStep) {
      int share = nextStep++ % shares;
      int weightsAt = weightStep * vectors * VECTOR;
      if (pixels > 1) {
        for (int v = 0; v < vectors; v++) {
          assembler.vmovdqu32(Rescaling.FIRST + v, at(RCX, weightsAt + v * VECTOR));
        }
      }
      for (int p = 0; p < pixels; p++) {
        int four = 28 + p % 2;
        assembler.vpbroadcastd(four, at(base, in[p] + displacement));
        for (int v = 0; v < vectors; v++) {
          assembler.vpdpbusd(
              sum(share, p, v),
              four,
              pixels > 1 ? zmm(Rescaling.FIRST + v) : at(RCX, weightsAt + v * VECTOR));
        }
      }
    }

    private void finish() {
      for (int i = pixels * vectors; i < shares * pixels * vectors; i++) {
        int to = i % (pixels * vectors);
        assembler.vpaddd(to, to, zmm(i));
      }
      for (int v = 0; v < vectors; v++) {
        int constantsAt = (vectors + v * rescaling.vectors()) * VECTOR;
        rescaling.load(assembler, R12, constantsAt);
        for (int p = 0; p < pixels; p++) {
          rescaling.write(
              assembler, sum(0, p, v), at(RDX, out[p] + v * LANES), v == vectors - 1 ? mask : ALL);
        }
      }
    }
  }
}
