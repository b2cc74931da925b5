package dev.earshot.gateway.message;

import com.sun.management.ThreadMXBean;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.v1.Heartbeat;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What one heartbeat costs: nanoseconds of CPU and allocated bytes, of {@link PayloadCheck} and, in
 * the same run, of {@link ObjectCheck}. Not a test: run its main method. Median of interleaved
 * rounds.
 */
final class PayloadCheckBench {
  private static final int ROUNDS = 15;
  private static final int CALLS = 400_000;

  private PayloadCheckBench() {}

  public static void main(String[] args) {
    measure("TestObjects.heartbeat", payloads(TestObjects::heartbeat));
    measure("with every field, peaks of one kind", payloads(PayloadCheckBench::full));
  }

  private static void measure(String what, byte[][] payloads) {
    double bytes = Arrays.stream(payloads).mapToInt(p -> p.length).average().orElseThrow();
    double[][] nanos = new double[2][ROUNDS];
    double[][] allocated = new double[2][ROUNDS];
    for (int round = -5; round < ROUNDS; round++) {
      double[] objects = round(payloads, ObjectCheck::heartbeat);
      double[] quick = round(payloads, PayloadCheck::heartbeat);
      if (round >= 0) {
        nanos[0][round] = objects[0];
        nanos[1][round] = quick[0];
        allocated[0][round] = objects[1];
        allocated[1][round] = quick[1];
      }
    }
    System.out.printf(
        "%s, %.0f bytes: ObjectCheck %.0f ns, %.1f B; PayloadCheck %.0f ns, %.1f B; ratio %.1f%n",
        what,
        bytes,
        median(nanos[0]),
        median(allocated[0]),
        median(nanos[1]),
        median(allocated[1]),
        median(nanos[0]) / median(nanos[1]));
  }

  /** Nanoseconds of CPU and allocated bytes of one call. */
  private static double[] round(byte[][] payloads, Function<byte[], Optional<Rejection>> check) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long start = threads.getCurrentThreadCpuTime();
    int refused = 0;
    for (int i = 0; i < CALLS; i++) {
      refused += check.apply(payloads[i % payloads.length]).isPresent() ? 1 : 0;
    }
    long nanos = threads.getCurrentThreadCpuTime() - start;
    if (refused > 0) {
      throw new IllegalStateException(refused + " heartbeats refused");
    }
    return new double[] {
      (double) nanos / CALLS,
      (double) (threads.getCurrentThreadAllocatedBytes() - allocated) / CALLS
    };
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().toArray()[values.length / 2];
  }

  private static byte[][] payloads(Function<Integer, Heartbeat.Builder> make) {
    return IntStream.range(0, 1000)
        .mapToObj(i -> make.apply(i).build().toByteArray())
        .toArray(byte[][]::new);
  }

  private static Heartbeat.Builder full(int sequence) {
    Random random = new Random(sequence);
    Heartbeat.Builder heartbeat =
        TestObjects.heartbeat(sequence)
            .setIntervalStartMs(1_780_000_000_000L + 60_000L * sequence)
            .setUptimeMs(60_000L * sequence)
            .setFalseAccepts(1)
            .setInferences(6000)
            .setNdpEnergyUj(random.nextInt(100_000))
            .setBatterySocPctDrop(0.1f)
            .setBatteryDischargeDurationMs(60_000)
            .setOperationalCrashfreeMs(60_000)
            .setConnectivityConnectedMs(59_000)
            .setConnectivityExpectedMs(60_000)
            .clearScoreHistogram()
            .addAllFalseAcceptScores(Collections.nCopies(31, 0))
            .addFalseAcceptScores(1);
    for (int bucket = 0; bucket < 32; bucket++) {
      heartbeat.addScoreHistogram(random.nextInt(1 << random.nextInt(14)));
    }
    for (int bucket = 0; bucket < 12; bucket++) {
      heartbeat.addInferenceUsHistogram(random.nextInt(1 << random.nextInt(14)));
    }
    return heartbeat;
  }
}
