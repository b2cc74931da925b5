package dev.earshot.agent.device;

import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.document.Document;
import dev.earshot.protocol.document.Fields;
import dev.earshot.protocol.document.InvalidDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the agent's configuration file: YAML, each key optional. All that is wrong is told at once,
 * with its line. Paths in it are relative to its folder.
 */
final class ConfigFile {
  private static final Document.Kind KIND =
      new Document.Kind("configuration", "device, gateway and audio");

  private static final Map<String, Boolean> FLAGS =
      new TreeMap<>(Map.of("true", true, "false", false));

  private final Path folder;
  private final Fields root;

  private ConfigFile(Path folder, Document document) {
    this.folder = folder;
    this.root = document.fields();
  }

  /**
   * Reads one.
   *
   * @throws InvalidDocument when it is not right
   * @throws IOException when it can't be read
   */
  static DeviceConfig read(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Document document = Document.parse(KIND, Files.readString(file));
    ConfigFile reading = new ConfigFile(folder == null ? Path.of("/") : folder, document);
    DeviceConfig config = reading.config();
    document.finish();
    return config;
  }

  private DeviceConfig config() {
    DeviceConfig.Ear ear = ear();
    DeviceConfig.Uplink uplink = uplink();
    DeviceConfig.Beats beats = beats();
    DeviceConfig.Place place =
        new DeviceConfig.Place(
            parsed(root, "device", DeviceId::parse),
            parsed(root, "chip", ConfigFile::chip),
            root.optionalText("region"),
            parsed(root, "environment", Labels::environment),
            parsed(root, "clock", FleetClock::parse),
            path(root, "state"),
            path(root, "trust"));
    DeviceConfig config = new DeviceConfig(place, ear, uplink, beats);
    return root.build(() -> config, DeviceConfig.NOTHING);
  }

  private DeviceConfig.Ear ear() {
    Fields audio = root.object("audio");
    Fields model = root.object("model");
    String played = audio.optionalText("file");
    DeviceConfig.Ear ear =
        new DeviceConfig.Ear(
            played == null ? null : played.equals("-") ? Path.of("-") : folder.resolve(played),
            flag(audio, "loop"),
            path(model, "file"),
            path(model, "card"),
            integer(model, "threshold", -128, 127),
            integer(model, "smoothing", 1, 64),
            integer(model, "refractory_ms", 0, 60_000));
    model.build(() -> ear, ear);
    return audio.build(() -> ear, ear);
  }

  private DeviceConfig.Uplink uplink() {
    Fields gateway = root.object("gateway");
    DeviceConfig.Uplink uplink =
        new DeviceConfig.Uplink(
            parsed(gateway, "url", GatewayAddress::parse),
            path(gateway, "ca"),
            path(gateway, "certificate"),
            path(gateway, "key"),
            gateway.optionalText("user"),
            path(gateway, "password_file"),
            duration(gateway, "keep_alive", Duration.ofSeconds(5), Duration.ofHours(18)));
    return gateway.build(() -> uplink, uplink);
  }

  private DeviceConfig.Beats beats() {
    Fields heartbeat = root.object("heartbeat");
    DeviceConfig.Beats beats =
        new DeviceConfig.Beats(
            duration(heartbeat, "interval", Duration.ofSeconds(1), Duration.ofDays(1)),
            integer(heartbeat, "keep", 1, 10_000));
    return heartbeat.build(() -> beats, beats);
  }

  private @Nullable Path path(Fields fields, String name) {
    String text = fields.optionalText(name);
    return text == null ? null : folder.resolve(text);
  }

  private static <T> @Nullable T parsed(Fields fields, String name, Function<String, T> parse) {
    return fields
        .parsed(name, text -> Optional.of(parse.apply(text)), Optional.<T>empty())
        .orElse(null);
  }

  private static @Nullable Boolean flag(Fields fields, String name) {
    return fields.raw(name).isMissingNode() ? null : fields.word(name, FLAGS, false);
  }

  private static @Nullable Integer integer(Fields fields, String name, int least, int most) {
    if (fields.raw(name).isMissingNode()) {
      return null;
    }
    int value = fields.integer(name, least);
    if (value < least || value > most) {
      fields.error(name, value + " (expected: " + least + " to " + most + ")");
    }
    return value;
  }

  private static @Nullable Duration duration(
      Fields fields, String name, Duration least, Duration most) {
    if (fields.raw(name).isMissingNode()) {
      return null;
    }
    Duration value = fields.duration(name, least);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      fields.error(
          name,
          value.toSeconds()
              + " s (expected: "
              + least.toSeconds()
              + " to "
              + most.toSeconds()
              + " s)");
    }
    return value;
  }

  /** The chip of that name. */
  static ChipProfile chip(String name) {
    return ChipProfile.byId(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + name
                        + "' (expected: one of "
                        + String.join(
                            ", ", ChipProfile.all().stream().map(ChipProfile::id).toList())
                        + ")"));
  }
}
