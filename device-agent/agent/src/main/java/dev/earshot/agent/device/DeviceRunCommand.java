package dev.earshot.agent.device;

import dev.earshot.agent.AgentSettings;
import dev.earshot.agent.FactoryImage;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.audio.WavFile;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code earshot device run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Run one device: its engine listens to a WAV file and says what it detects.",
      "With --gateway it joins the fleet: heartbeats, commands, updates."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 it could not run (the message says why), 2 wrong usage.",
      "Without --card the detector follows MLPerf Tiny's streaming wake-word benchmark:",
      "threshold 115 (P > 0.95), no smoothing, one second refractory."
    })
public final class DeviceRunCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--audio",
      required = true,
      paramLabel = "FILE.wav",
      description = "What it hears: 16 kHz, 16-bit PCM; of stereo, the left channel.")
  private @Nullable Path audio;

  @Option(
      names = "--model",
      paramLabel = "FILE.tflite",
      description = "The model; with --gateway, what a new device starts with.")
  private @Nullable Path model;

  @Option(
      names = "--card",
      paramLabel = "FILE.yaml",
      description = "The model's card: release name and detector.")
  private @Nullable Path card;

  @Option(
      names = "--threshold",
      paramLabel = "SCORE",
      description = "Wake above this int8 score, -128 to 127.")
  private @Nullable Integer threshold;

  @Option(
      names = "--smoothing",
      paramLabel = "FRAMES",
      description = "Average the score over so many inferences, 1 to 64.")
  private @Nullable Integer smoothing;

  @Option(
      names = "--refractory",
      paramLabel = "MS",
      description = "Do not wake again for so long, 0 to 60000 ms.")
  private @Nullable Integer refractory;

  @Option(names = "--loop", description = "Play the file again and again (only with --gateway).")
  private boolean loop;

  @Option(names = "--realtime", description = "Play at the pace of time (default with --gateway).")
  private boolean realTime;

  @Option(names = "--fast", description = "Play as fast as possible (default without --gateway).")
  private boolean fast;

  @Option(
      names = "--chip",
      defaultValue = "ndp120",
      paramLabel = "CHIP",
      description = "The chip that it stands for (default: ${DEFAULT-VALUE}).")
  private String chip = "ndp120";

  @Option(
      names = "--gateway",
      paramLabel = "HOST:PORT",
      description = "Join the fleet through this gateway.")
  private @Nullable String gateway;

  @Option(names = "--device", paramLabel = "FLEET/NAME", description = "Who it is in the fleet.")
  private @Nullable String device;

  @Option(
      names = "--trust",
      paramLabel = "DIR",
      description = "Whom it believes: a folder with image-root.json and director-root.json.")
  private @Nullable Path trust;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Its flash (default: ~/.earshot/devices/FLEET/NAME).")
  private @Nullable Path state;

  @Option(
      names = "--region",
      defaultValue = "eu",
      paramLabel = "REGION",
      description = "Told to the fleet (default: ${DEFAULT-VALUE}).")
  private String region = "eu";

  @Option(
      names = "--environment",
      defaultValue = "quiet",
      paramLabel = "NAME",
      description = "quiet, kitchen, car, factory or stadium (default: ${DEFAULT-VALUE}).")
  private String environment = "quiet";

  @Option(
      names = "--heartbeat",
      defaultValue = "900",
      paramLabel = "SECONDS",
      description = "Fleet time between heartbeats (default: ${DEFAULT-VALUE}).")
  private int heartbeatSeconds = 900;

  @Option(
      names = "--clock",
      defaultValue = "real",
      paramLabel = "CLOCK",
      description = "The fleet's clock, as `earshot up` prints it (default: ${DEFAULT-VALUE}).")
  private String clock = "real";

  @Override
  public Integer call() throws Exception {
    PrintWriter out = commandSpec().commandLine().getOut();
    try {
      String address = gateway;
      if (address == null) {
        listenAlone(out);
      } else {
        joinFleet(address, out);
      }
      return 0;
    } catch (NoSuchFileException e) {
      return fail(e.getFile() + ": no such file");
    } catch (IOException | IllegalArgumentException e) {
      return fail(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted");
    }
  }

  private void listenAlone(PrintWriter out) throws IOException, InterruptedException {
    Path file = model;
    if (file == null) {
      throw usage("--model FILE.tflite is missing (only a known device of a --gateway has one)");
    }
    if (loop) {
      throw usage("--loop needs --gateway: without it the file is played once");
    }
    WavFile wav = samples();
    new LocalRun(chipProfile(), NdpModel.read(file), effectiveCard(), out)
        .play(wav.samples(), wav.sampleRateHz(), realTime && !fast);
  }

  private void joinFleet(String address, PrintWriter out) throws Exception {
    if (!address.matches("[^:/]+:\\d{1,5}")) {
      throw usage("--gateway: '" + address + "' (expected: HOST:PORT, such as localhost:1883)");
    }
    DeviceId id = deviceId();
    FleetRun.Identity identity =
        new FleetRun.Identity(
            id,
            DeviceAttributes.newBuilder()
                .setChip(chipProfile().id())
                .setRegion(region)
                .setFirmware("earshot-agent")
                .setHardware("jvm")
                .build(),
            chipProfile(),
            environmentNamed(),
            address,
            stateOf(id),
            image());
    AgentSettings settings =
        AgentSettings.defaults(anchors()).withHeartbeatInterval(Duration.ofSeconds(heartbeatSeconds));
    WavFile wav = samples();
    try (FleetRun run = new FleetRun(identity, settings, fleetClock(), out)) {
      Thread hook = Thread.ofPlatform().unstarted(() -> closeQuietly(run));
      Runtime.getRuntime().addShutdownHook(hook);
      run.start(wav.samples(), loop, !fast);
      run.await();
      removeHook(hook);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the hook is what ended the run
    }
  }

  private void closeQuietly(FleetRun run) {
    try {
      run.close();
    } catch (IOException e) {
      commandSpec().commandLine().getErr().println(e.getMessage());
    }
  }

  private WavFile samples() throws IOException {
    Path file = audio;
    if (file == null) {
      throw usage("--audio FILE.wav is missing");
    }
    WavFile wav = WavFile.read(file, 16_000);
    if (wav.samples().length == 0) {
      throw new IOException(file + ": holds no audio");
    }
    return wav;
  }

  private Optional<FactoryImage> image() throws IOException {
    Path file = model;
    return file == null
        ? Optional.empty()
        : Optional.of(LocalRelease.image(Files.readAllBytes(file), effectiveCard()));
  }

  private Card effectiveCard() throws IOException {
    Path file = card;
    Card read = file == null ? Card.without(chipProfile().id()) : Card.read(file);
    try {
      return read.with(threshold, smoothing, refractory);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ChipProfile chipProfile() {
    return ChipProfile.byId(chip)
        .orElseThrow(
            () ->
                usage(
                    "--chip: '"
                        + chip
                        + "' (expected: one of "
                        + ChipProfile.all().stream()
                            .map(ChipProfile::id)
                            .collect(Collectors.joining(", "))
                        + ")"));
  }

  private DeviceId deviceId() {
    String name = device;
    if (name == null) {
      throw usage("--gateway needs --device FLEET/NAME");
    }
    return parsed("--device", () -> DeviceId.parse(name));
  }

  private Environment environmentNamed() {
    return parsed("--environment", () -> Labels.environment(environment));
  }

  private FleetClock fleetClock() {
    return parsed("--clock", () -> FleetClock.parse(clock));
  }

  private TrustAnchors anchors() throws IOException {
    Path folder = trust;
    if (folder == null) {
      throw usage("--gateway needs --trust DIR: whose releases and orders it may believe");
    }
    return TrustAnchors.read(folder);
  }

  private Path stateOf(DeviceId id) {
    Path given = state;
    return given != null
        ? given
        : Path.of(System.getProperty("user.home"), ".earshot", "devices", id.fleet(), id.device());
  }

  private <T> T parsed(String option, Callable<T> parse) {
    try {
      return parse.call();
    } catch (Exception e) {
      throw usage(option + ": " + e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(commandSpec().commandLine(), message);
  }

  private int fail(@Nullable String message) {
    PrintWriter err = commandSpec().commandLine().getErr();
    err.println("earshot device run: " + message);
    err.flush();
    return 1;
  }

  private CommandSpec commandSpec() {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("picocli gives every command its spec");
    }
    return given;
  }
}
