package dev.earshot.cli.bench;

import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.AgentUnderTest.Load;
import dev.earshot.cli.up.BundledReleases;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.release.ReleaseFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures one agent that listens in real time. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = {
      "Measure one agent as a process: a bundled model on audio in real time, connected, with a",
      "heartbeat every ten seconds. Its share of a core is printed beside what it can't go below:",
      "the engine alone and a JVM that does nothing, measured in the same run.",
      "",
      "Exit code 1: it used 2 %% of a core or more."
    })
public final class BenchAgentCommand implements Callable<Integer> {
  private static final double TARGET = 0.02;
  private static final int AUDIO_SECONDS = 30;
  private static final Duration START_WITHIN = Duration.ofMinutes(2);
  private static final double MEBI = 1 << 20;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      paramLabel = "N",
      description = "How long to measure, 5 or more (default: ${DEFAULT-VALUE}).")
  private int seconds = 60;

  @Option(
      names = "--warm-up",
      defaultValue = "60",
      paramLabel = "N",
      description = "How long to listen before that (default: ${DEFAULT-VALUE}).")
  private int warmUp = 60;

  @Option(
      names = "--heap",
      defaultValue = "32m",
      paramLabel = "SIZE",
      description = "Highest heap of the measured processes (default: ${DEFAULT-VALUE}).")
  private String heap = "32m";

  /** What a second costs. */
  private record Figures(
      double share, double allocatedBytes, double heapBytes, double residentBytes) {
    static Figures since(AgentMeter.Use before, AgentMeter meter) throws IOException {
      AgentMeter.Use after = meter.use();
      double nanos = after.atNanos() - before.atNanos();
      return new Figures(
          (after.processorNanos() - before.processorNanos()) / nanos,
          (after.allocatedBytes() - before.allocatedBytes()) / nanos * 1e9,
          meter.heapBytes(),
          after.residentBytes());
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds < 5 || warmUp < 0) {
      throw new UserError("--seconds: " + seconds + " (expected: 5 or more)");
    }
    Terminal terminal = Terminal.standard();
    try (BenchFolder folder = BenchFolder.create();
        HeartbeatSink gateway = new HeartbeatSink()) {
      Path model = prepare(folder.path());
      Path audio = folder.path().resolve("audio.wav");
      double engine;
      try (AgentMeter alone =
          AgentMeter.start(
              Load.ENGINE, heap, folder.path(), List.of(model.toString(), audio.toString()))) {
        engine = alone.engineSeconds();
      }
      List<String> arguments = arguments(folder.path(), model, audio, gateway.address());
      try (AgentMeter agent = AgentMeter.start(Load.AGENT, heap, folder.path(), arguments);
          AgentMeter idle = AgentMeter.start(Load.IDLE, heap, folder.path(), List.of())) {
        awaitHeartbeat(gateway);
        TimeUnit.SECONDS.sleep(warmUp);
        AgentMeter.Use agentBefore = agent.use();
        AgentMeter.Use idleBefore = idle.use();
        int heartbeatsBefore = gateway.heartbeats();
        TimeUnit.SECONDS.sleep(seconds);
        Figures used = Figures.since(agentBefore, agent);
        Figures nothing = Figures.since(idleBefore, idle);
        return report(terminal, engine, used, nothing, gateway.heartbeats() - heartbeatsBefore);
      }
    }
  }

  /** It has started when its first heartbeat is there. */
  private static void awaitHeartbeat(HeartbeatSink gateway) throws InterruptedException {
    long deadline = System.nanoTime() + START_WITHIN.toNanos();
    while (gateway.heartbeats() == 0) {
      if (System.nanoTime() > deadline) {
        throw new UserError(
            "the agent sent no heartbeat within " + START_WITHIN.toSeconds() + " s of its start");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private int report(
      Terminal terminal, double engine, Figures agent, Figures idle, int heartbeats) {
    terminal.line(
        "one agent, %d s of real time after %d s, heap of at most %s, %d heartbeats taken"
            .formatted(seconds, warmUp, heap, heartbeats));
    terminal.line(row("", "agent", "engine alone", "idle JVM"));
    terminal.line(
        row(
            "share of a core, %",
            number(100 * agent.share()), number(100 * engine), number(100 * idle.share())));
    terminal.line(
        row(
            "allocated, KiB/s",
            number(agent.allocatedBytes() / 1024),
            "-",
            number(idle.allocatedBytes() / 1024)));
    terminal.line(
        row(
            "heap after a collection, MiB",
            number(agent.heapBytes() / MEBI),
            "-",
            number(idle.heapBytes() / MEBI)));
    terminal.line(
        row(
            "resident set, MiB",
            number(agent.residentBytes() / MEBI),
            "-",
            number(idle.residentBytes() / MEBI)));
    terminal.line(
        "the agent uses %.1f times what engine and idle JVM use, and %.2f of 2 %% of a core"
            .formatted(agent.share() / (engine + idle.share()), agent.share() / TARGET));
    return agent.share() < TARGET && heartbeats > 0 ? 0 : 1;
  }

  private static String row(String name, String agent, String engine, String idle) {
    return "%-30s%14s%14s%14s".formatted(name, agent, engine, idle);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static Path prepare(Path folder) throws IOException {
    LocalTrust.generate(Instant.now().plus(Duration.ofDays(1)))
        .anchors()
        .write(folder.resolve("trust"));
    writeNoise(folder.resolve("audio.wav"));
    ReleaseFolder release = BundledReleases.read("hey-nova-1.1.0");
    return Files.write(folder.resolve("model.tflite"), release.content(ReleaseFile.MODEL));
  }

  /** A room: noise that swells and fades. */
  private static void writeNoise(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] samples = new byte[2 * 16_000 * AUDIO_SECONDS];
    for (int i = 0; i < samples.length / 2; i++) {
      double loudness = 600 + 500 * Math.sin(i / 16_000.0);
      short sample = (short) (loudness * random.nextGaussian());
      samples[2 * i] = (byte) sample;
      samples[2 * i + 1] = (byte) (sample >> 8);
    }
    try (AudioInputStream audio =
        new AudioInputStream(
            new ByteArrayInputStream(samples),
            new AudioFormat(16_000, 16, 1, true, false),
            samples.length / 2)) {
      AudioSystem.write(audio, AudioFileFormat.Type.WAVE, file.toFile());
    }
  }

  private static List<String> arguments(Path folder, Path model, Path audio, String gateway) {
    return List.of(
        "--audio",
        audio.toString(),
        "--loop",
        "--model",
        model.toString(),
        "--gateway",
        gateway,
        "--device",
        "bench/agent",
        "--trust",
        folder.resolve("trust").toString(),
        "--state",
        folder.resolve("state").toString(),
        "--heartbeat",
        "10");
  }
}
