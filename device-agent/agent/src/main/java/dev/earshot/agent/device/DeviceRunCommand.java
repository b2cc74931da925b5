package dev.earshot.agent.device;

import static dev.earshot.agent.device.DeviceConfig.or;

import dev.earshot.agent.AgentSettings;
import dev.earshot.agent.FactoryImage;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.document.InvalidDocument;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code earshot device run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = AgentVersion.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Run one device: its engine listens to a WAV file and says what it detects.",
      "With --gateway it joins the fleet: heartbeats, commands, updates."
    },
    footer = {
      "",
      "Exit codes: 0 ended in order, 1 it could not run, 2 wrong usage or configuration, 3 not",
      "provisioned, 4 its state can't be read or written, 5 another agent has its state, 6 a",
      "certificate, key or password file can't be used. The message says why. Ended by SIGTERM",
      "in order: 143.",
      "Without --card the detector follows MLPerf Tiny's streaming wake-word benchmark:",
      "threshold 115 (P > 0.95), no smoothing, one second refractory."
    })
public final class DeviceRunCommand implements Callable<Integer> {
  private static final Duration USUAL_INTERVAL = Duration.ofMinutes(15);
  private static final int USUAL_KEEP = 96;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE.yaml",
      description = "Says what the flags below don't; flags win.")
  private @Nullable Path configFile;

  @Mixin private EarOptions earOptions = new EarOptions();
  @Mixin private UplinkOptions uplinkOptions = new UplinkOptions();
  @Mixin private PlaceOptions placeOptions = new PlaceOptions();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = commandSpec().commandLine().getOut();
    try {
      DeviceConfig config = flags().over(file());
      GatewayAddress gateway = config.uplink().gateway();
      if (gateway == null) {
        listenAlone(config, out);
      } else {
        joinFleet(config, gateway, out);
      }
      return ExitCode.ENDED;
    } catch (InvalidDocument e) {
      return fail(ExitCode.USAGE, configFile + ": " + e.getMessage());
    } catch (CannotRun e) {
      return fail(e.exitCode(), e.getMessage());
    } catch (InvalidCredentials e) {
      return fail(ExitCode.CREDENTIALS, e.getMessage());
    } catch (NoSuchFileException e) {
      return fail(ExitCode.FAILED, e.getFile() + ": no such file");
    } catch (IOException | IllegalArgumentException e) {
      return fail(ExitCode.FAILED, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail(ExitCode.FAILED, "interrupted");
    }
  }

  private DeviceConfig flags() {
    return meant(
        () ->
            new DeviceConfig(
                placeOptions.said(),
                earOptions.said(),
                uplinkOptions.said(),
                placeOptions.beats()));
  }

  private DeviceConfig file() throws IOException {
    Path file = configFile;
    if (file == null) {
      return DeviceConfig.NOTHING;
    }
    try {
      return ConfigFile.read(file);
    } catch (NoSuchFileException e) {
      throw usage("--config: " + file + ": no such file");
    }
  }

  private void listenAlone(DeviceConfig config, PrintWriter out)
      throws IOException, InterruptedException {
    Path file = config.ear().model();
    if (file == null) {
      throw usage("--model FILE.tflite is missing (only a known device of a --gateway has one)");
    }
    if (or(config.ear().loop(), false)) {
      throw usage("--loop needs --gateway: without it the file is played once");
    }
    AudioSource audio = audio(config, false);
    new LocalRun(chip(config), NdpModel.read(file), card(config), out).play(audio);
  }

  private void joinFleet(DeviceConfig config, GatewayAddress gateway, PrintWriter out)
      throws Exception {
    DeviceId id = config.place().device();
    if (id == null) {
      throw usage("--gateway needs --device FLEET/NAME");
    }
    Path trust = config.place().trust();
    if (trust == null) {
      throw usage("--gateway needs --trust DIR: whose releases and orders it may believe");
    }
    FleetRun.Identity identity =
        new FleetRun.Identity(
            id,
            DeviceAttributes.newBuilder()
                .setChip(chip(config).id())
                .setRegion(or(config.place().region(), "eu"))
                .setFirmware("earshot-agent")
                .setHardware("jvm")
                .build(),
            chip(config),
            or(config.place().environment(), Environment.QUIET),
            gatewaySettings(config.uplink(), gateway, id),
            stateOf(config, id),
            image(config));
    AgentSettings settings = settings(config, anchors(trust));
    FleetClock clock = or(config.place().clock(), FleetClock.realTime());
    AudioSource audio = audio(config, true);
    try (FleetRun run = new FleetRun(identity, settings, clock, out)) {
      Thread hook = Thread.ofPlatform().unstarted(() -> closeQuietly(run));
      Runtime.getRuntime().addShutdownHook(hook);
      run.start(audio);
      run.await();
      removeHook(hook);
    }
  }

  private AgentSettings settings(DeviceConfig config, TrustAnchors anchors) {
    return meant(
        () ->
            AgentSettings.defaults(anchors)
                .withHeartbeatInterval(or(config.beats().interval(), USUAL_INTERVAL))
                .withHeartbeatCapacity(or(config.beats().keep(), USUAL_KEEP)));
  }

  private GatewaySettings gatewaySettings(
      DeviceConfig.Uplink uplink, GatewayAddress address, DeviceId id) {
    return meant(
        () ->
            new GatewaySettings(
                address,
                new TlsFiles(
                    Optional.ofNullable(uplink.ca()),
                    Optional.ofNullable(uplink.certificate()),
                    Optional.ofNullable(uplink.key())),
                or(uplink.user(), id.toString()),
                Optional.ofNullable(uplink.passwordFile()),
                or(uplink.keepAlive(), GatewaySettings.USUAL_KEEP_ALIVE)));
  }

  private static TrustAnchors anchors(Path folder) throws CannotRun {
    try {
      return TrustAnchors.read(folder);
    } catch (IOException e) {
      throw new CannotRun(ExitCode.NOT_PROVISIONED, String.valueOf(e.getMessage()), e);
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

  private AudioSource audio(DeviceConfig config, boolean usuallyRealTime) throws IOException {
    Path file = config.ear().audio();
    if (file == null) {
      throw usage("--audio FILE.wav is missing");
    }
    boolean realTime = earOptions.realTime(usuallyRealTime);
    return file.toString().equals("-")
        ? new AudioSource.Live(System.in)
        : AudioSource.Recording.read(file, or(config.ear().loop(), false), realTime);
  }

  private Optional<FactoryImage> image(DeviceConfig config) throws IOException {
    Path file = config.ear().model();
    return file == null
        ? Optional.empty()
        : Optional.of(LocalRelease.image(Files.readAllBytes(file), card(config)));
  }

  private Card card(DeviceConfig config) throws IOException {
    DeviceConfig.Ear ear = config.ear();
    Path file = ear.card();
    Card read = file == null ? Card.without(chip(config).id()) : Card.read(file);
    return meant(() -> read.with(ear.threshold(), ear.smoothing(), ear.refractory()));
  }

  private static ChipProfile chip(DeviceConfig config) {
    return or(config.place().chip(), ChipProfile.NDP120);
  }

  private static Path stateOf(DeviceConfig config, DeviceId id) {
    return or(
        config.place().state(),
        Path.of(System.getProperty("user.home"), ".earshot", "devices", id.fleet(), id.device()));
  }

  private <T> T meant(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(commandSpec().commandLine(), message);
  }

  private int fail(int exitCode, @Nullable String message) {
    PrintWriter err = commandSpec().commandLine().getErr();
    err.println("earshot device run: " + message);
    err.flush();
    return exitCode;
  }

  private CommandSpec commandSpec() {
    CommandSpec given = spec;
    if (given == null) {
      throw new IllegalStateException("picocli gives every command its spec");
    }
    return given;
  }
}
