package dev.earshot.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.earshot.agent.device.DeviceRunCommand;
import dev.earshot.ndp.DetectionSink;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.audio.WavFile;
import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.frontend.FrontEndParameters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;

/**
 * The process that is measured: an agent, the engine alone, or a JVM that does nothing. Answers
 * questions from standard input with one line each; ends with its input.
 */
final class AgentUnderTest {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final DetectionSink DEAF =
      new DetectionSink() {
        @Override
        public void onScore(long frameIndex, int score) {
          // it is the work that counts
        }

        @Override
        public void onDetection(Detection detection) {
          // it is the work that counts
        }
      };

  /** What a process runs. */
  enum Load {
    /** Nothing. */
    IDLE,
    /** The engine alone, as fast as it can, when asked. */
    ENGINE,
    /** {@code earshot device run} with the arguments that follow. */
    AGENT
  }

  private AgentUnderTest() {}

  /** Arguments: the load; then a model and a WAV file, or those of {@code device run}. */
  public static void main(String[] args) throws IOException {
    Load load = Load.valueOf(args[0]);
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    PrintStream answers = System.out;
    System.setOut(System.err); // what the agent prints is not an answer
    if (load == Load.AGENT) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> System.exit(new CommandLine(new DeviceRunCommand()).execute(rest)));
    }
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String question = questions.readLine();
        question != null && !question.equals("close");
        question = questions.readLine()) {
      answers.println(
          switch (question) {
            case "use" -> use();
            case "heap" -> heap();
            case "engine" -> engine(Path.of(rest[0]), Path.of(rest[1]));
            default -> "unknown question " + question;
          });
      answers.flush();
    }
    System.exit(0);
  }

  /** Processor time so far, nanoseconds; bytes allocated so far. */
  private static String use() {
    return SYSTEM.getProcessCpuTime() + " " + THREADS.getTotalThreadAllocatedBytes();
  }

  /** Bytes after a collection, which costs time: asked when all else is measured. */
  private static String heap() {
    ManagementFactory.getMemoryMXBean().gc();
    return Long.toString(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  /** Plays the audio until the compiler has done its work, then once more: seconds a second. */
  private static String engine(Path model, Path audio) throws IOException {
    WavFile wav = WavFile.read(audio, 16_000);
    WakeWordEngine engine =
        new WakeWordEngine(
            NdpModel.read(model),
            FrontEndParameters.STREAMING_WAKE_WORD,
            new DetectorParameters(0, 127, 1, 1000));
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 8; i++) {
      long began = THREADS.getCurrentThreadCpuTime();
      engine.accept(wav.samples(), 0, wav.samples().length, DEAF);
      double seconds = (THREADS.getCurrentThreadCpuTime() - began) / 1e9;
      best = Math.min(best, seconds / (wav.samples().length / 16_000.0));
    }
    return String.format(Locale.ROOT, "%.9f", best);
  }
}
