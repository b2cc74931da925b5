package dev.earshot.agent.device;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.clock.FleetClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who a device is, where it lives and how it reports: the flags. */
final class PlaceOptions {
  @Option(
      names = "--chip",
      paramLabel = "CHIP",
      description = "The chip that it stands for (default: ndp120).")
  private @Nullable String chip;

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
      paramLabel = "REGION",
      description = "Told to the fleet (default: eu).")
  private @Nullable String region;

  @Option(
      names = "--environment",
      paramLabel = "NAME",
      description = "quiet, kitchen, car, factory or stadium (default: quiet).")
  private @Nullable String environment;

  @Option(
      names = "--heartbeat",
      paramLabel = "SECONDS",
      description = "Fleet time between heartbeats (default: 900).")
  private @Nullable Integer heartbeatSeconds;

  @Option(
      names = "--keep",
      paramLabel = "NUMBER",
      description =
          "So many heartbeats wait on flash while it is offline, 1 to 10000 (default: 96).")
  private @Nullable Integer keep;

  @Option(
      names = "--clock",
      paramLabel = "CLOCK",
      description = "The fleet's clock, as `earshot up` prints it (default: real).")
  private @Nullable String clock;

  /**
   * What they say.
   *
   * @throws IllegalArgumentException naming the flag that can't be understood
   */
  DeviceConfig.Place said() {
    return new DeviceConfig.Place(
        parsed("--device", device, DeviceId::parse),
        parsed("--chip", chip, ConfigFile::chip),
        region,
        parsed("--environment", environment, Labels::environment),
        parsed("--clock", clock, FleetClock::parse),
        state,
        trust);
  }

  DeviceConfig.Beats beats() {
    Integer seconds = heartbeatSeconds;
    return new DeviceConfig.Beats(seconds == null ? null : Duration.ofSeconds(seconds), keep);
  }

  /** Reads a flag's text; the message names the flag. */
  static <T> @Nullable T parsed(String flag, @Nullable String text, Function<String, T> parse) {
    try {
      return text == null ? null : parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(flag + ": " + e.getMessage(), e);
    }
  }
}
