package dev.earshot.ndp.streaming;

import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * Thread-CPU time of a new frame beside that of the full window, in turns, best of several: {@code
 * StreamingSpeed MODEL.tflite [FRAME_ELEMENTS [DEVICES]]}. The devices take turns, frame by frame,
 * as on a thread of a fleet.
 */
final class StreamingSpeed {
  private static final int ROUNDS = 12;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private StreamingSpeed() {}

  public static void main(String[] args) throws IOException {
    NdpModel model = NdpModel.read(Path.of(args[0]));
    int frameElements = args.length > 1 ? Integer.parseInt(args[1]) : 40;
    int devices = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    StreamingModel streaming = model.streaming(frameElements);
    StreamingSummary summary = streaming.summary();
    summary.stages().forEach(System.out::println);
    System.out.printf(
        Locale.ROOT,
        "macs: %,d per frame, %,d per window (%.1f %% reused); state: %,d bytes per device%n",
        summary.macsPerFrame(),
        summary.macsPerWindow(),
        100 * summary.reused(),
        summary.stateBytes());
    byte[] data = new byte[model.inputElements() + 4096];
    new Random(1).nextBytes(data);
    double frame = Double.MAX_VALUE;
    double window = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      frame = Math.min(frame, frames(streaming, devices, data));
      window = Math.min(window, windows(model, data));
    }
    System.out.printf(
        Locale.ROOT,
        "thread CPU: %.2f us per frame (%d devices), %.2f us per window, ratio %.3f%n",
        frame,
        devices,
        window,
        frame / window);
  }

  private static double frames(StreamingModel streaming, int devices, byte[] data) {
    StreamingInference inference = streaming.newInference();
    StreamState[] states = new StreamState[devices];
    for (int i = 0; i < devices; i++) {
      states[i] = streaming.newState();
    }
    byte[] output = new byte[streaming.outputElements()];
    int turns = Math.max(streaming.windowFrames() + 10, 20_000 / devices);
    long start = 0;
    int counted = 0;
    for (int turn = 0; turn < turns; turn++) {
      if (turn == streaming.windowFrames()) {
        start = THREADS.getCurrentThreadCpuTime();
        counted = (turns - turn) * devices;
      }
      for (StreamState state : states) {
        inference.accept(state, data, turn & 4095, output, 0);
      }
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1000.0 / counted;
  }

  private static double windows(NdpModel model, byte[] data) {
    Inference inference = model.newInference();
    byte[] output = new byte[model.outputElements()];
    int runs = 2000;
    long start = THREADS.getCurrentThreadCpuTime();
    for (int run = 0; run < runs; run++) {
      inference.run(data, run & 4095, output, 0);
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1000.0 / runs;
  }
}
