package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.ALL;
import static dev.earshot.ndp.machine.Assembler.RDI;
import static dev.earshot.ndp.machine.Assembler.RSI;
import static dev.earshot.ndp.machine.Assembler.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.earshot.ndp.kernel.FixedPoint;
import dev.earshot.ndp.kernel.Requantizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sums that are rounded by machine code, against the plain arithmetic. */
class RescalingTest {
  private static final int CHANNELS = Constants.LANES;

  /** Code that turns sixteen sums at the workspace's start into sixteen bytes behind them. */
  private static final class Rescaler {
    private final MemorySegment workspace = Arena.ofAuto().allocate(128, 64);
    private final MemorySegment constants;
    private final MemorySegment code;

    Rescaler(Rescaling rescaling) {
      Assembler assembler = new Assembler();
      Constants all = new Constants();
      rescaling.begin(assembler, all);
      int own = all.here();
      rescaling.put(all, 0);
      rescaling.load(assembler, RSI, own);
      assembler.vmovdqu32(0, at(RDI, 0));
      rescaling.write(assembler, 0, at(RDI, 64), ALL);
      assembler.vzeroupper();
      assembler.ret();
      constants = all.toMemory();
      code = ExecutableCode.of(assembler.bytes()).from(0);
    }

    int[] of(int[] sums) {
      MemorySegment.copy(sums, 0, workspace, ValueLayout.JAVA_INT, 0, CHANNELS);
      ExecutableCode.call(code, workspace, constants);
      int[] values = new int[CHANNELS];
      Arrays.setAll(
          values, c -> (byte) (workspace.get(ValueLayout.JAVA_BYTE, 64 + c) ^ Byte.MIN_VALUE));
      return values;
    }
  }

  @BeforeAll
  static void checkMachine() {
    assumeTrue(MachineProgram.isPossible(), "no machine code on this machine");
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  private static Requantizer.Range range(Random random) {
    int zeroPoint = random.nextInt(256) - 128;
    return switch (random.nextInt(3)) {
      case 0 -> new Requantizer.Range(-128, 127, zeroPoint);
      case 1 -> new Requantizer.Range(zeroPoint, 127, zeroPoint);
      default ->
          new Requantizer.Range(zeroPoint, zeroPoint + random.nextInt(128 - zeroPoint), zeroPoint);
    };
  }

  private static void assertEqual(Requantizer exact, long[] largest, Random random) {
    Rescaler fast = new Rescaler(Objects.requireNonNull(Rescaling.of(exact, largest)));
    for (int i = 0; i < 200; i++) {
      int[] sums = new int[CHANNELS];
      // Near the middle between two integers, where roundings differ, and anywhere else.
      Arrays.setAll(sums, c -> sum(exact, c, largest[c], random));
      int[] expected = new int[CHANNELS];
      Arrays.setAll(expected, c -> exact.requantize(sums[c], c));
      assertEquals(Arrays.toString(expected), Arrays.toString(fast.of(sums)));
    }
  }

  private static int sum(Requantizer exact, int channel, long largest, Random random) {
    double multiplier = exact.multiplier(channel);
    long sum =
        random.nextBoolean() && multiplier > 0
            ? Math.round((random.nextInt(600) - 300 + 0.5) / multiplier) + random.nextInt(3) - 1
            : random.nextLong(-largest, largest + 1);
    return (int) Math.clamp(sum, -largest, largest);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void twoRoundings_areThoseOfThePlainArithmetic(long seed) {
    Random random = new Random(seed);
    FixedPoint.Multiplier[] multipliers = new FixedPoint.Multiplier[CHANNELS];
    long[] largest = new long[CHANNELS];
    boolean growing = random.nextInt(4) == 0;
    for (int c = 0; c < CHANNELS; c++) {
      multipliers[c] =
          random.nextInt(10) == 0
              ? new FixedPoint.Multiplier(0, 0)
              : new FixedPoint.Multiplier(
                  (1 << 30) + random.nextInt(1 << 30),
                  growing && random.nextBoolean() ? random.nextInt(5) : -1 - random.nextInt(30));
      largest[c] = 1 + (1L << random.nextInt(30));
    }
    assertEqual(new Requantizer.TwoRoundings(multipliers, range(random)), largest, random);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneRounding_isThatOfThePlainArithmetic(long seed) {
    Random random = new Random(seed);
    double[] multipliers = new double[CHANNELS];
    Arrays.setAll(
        multipliers,
        // Powers of two often: with them halves are met exactly.
        c ->
            Math.scalb(
                random.nextBoolean() ? 1 : 1 + random.nextDouble(),
                random.nextInt(10) == 0 ? random.nextInt(400) : -random.nextInt(40)));
    long[] largest = new long[CHANNELS];
    Arrays.fill(largest, Integer.MAX_VALUE);
    assertEqual(new Requantizer.OneRounding(multipliers, range(random)), largest, random);
  }

  @Test
  void multipliersThatCodeIsNotExactFor_areLeftToThePlainKernel() {
    Requantizer.Range range = new Requantizer.Range(-128, 127, 0);
    FixedPoint.Multiplier[] quarter = {FixedPoint.Multiplier.of(0.25)};
    long most = Integer.MAX_VALUE - 2L;
    assertTrue(
        Rescaling.of(new Requantizer.TwoRoundings(quarter, range), new long[] {most}) != null);
    assertNull(Rescaling.of(new Requantizer.TwoRoundings(quarter, range), new long[] {most + 1}));
  }
}
