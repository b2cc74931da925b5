package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.document.InvalidDocument;
import dev.earshot.protocol.v1.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir private Path folder;

  private DeviceConfig read(String text) throws IOException {
    return ConfigFile.read(Files.writeString(folder.resolve("agent.yaml"), text));
  }

  private List<String> errors(String text) {
    InvalidDocument invalid = assertThrows(InvalidDocument.class, () -> read(text));
    return invalid.errors().stream().map(error -> error.field() + ": " + error.located()).toList();
  }

  @Test
  void everyKey_isUnderstoodAndPathsAreOfTheFilesFolder() throws IOException {
    DeviceConfig config =
        read(
            """
            device: home/kitchen-1
            chip: ndp101
            region: us
            environment: kitchen
            clock: real
            state: /var/lib/earshot
            trust: trust
            audio:
              file: "-"
              loop: false
            model:
              file: hey-nova.tflite
              card: card.yaml
              threshold: 100
              smoothing: 3
              refractory_ms: 1500
            gateway:
              url: mqtts://gateway.example
              ca: ca.pem
              certificate: device.pem
              key: device.key
              user: somebody
              password_file: /run/token
              keep_alive: 2m
            heartbeat:
              interval: 1h
              keep: 500
            """);
    assertEquals(
        new DeviceConfig.Place(
            DeviceId.parse("home/kitchen-1"),
            ChipProfile.NDP101,
            "us",
            Environment.KITCHEN,
            FleetClock.realTime(),
            Path.of("/var/lib/earshot"),
            folder.resolve("trust")),
        config.place());
    assertEquals(
        new DeviceConfig.Ear(
            Path.of("-"),
            false,
            folder.resolve("hey-nova.tflite"),
            folder.resolve("card.yaml"),
            100,
            3,
            1500),
        config.ear());
    assertEquals(
        new DeviceConfig.Uplink(
            new GatewayAddress(true, "gateway.example", 8883),
            folder.resolve("ca.pem"),
            folder.resolve("device.pem"),
            folder.resolve("device.key"),
            "somebody",
            Path.of("/run/token"),
            Duration.ofMinutes(2)),
        config.uplink());
    assertEquals(new DeviceConfig.Beats(Duration.ofHours(1), 500), config.beats());
  }

  @Test
  void whatIsNotSaid_isLeftToOthers() throws IOException {
    assertEquals(DeviceConfig.NOTHING, read("{}"));
    DeviceConfig file = read("device: home/a\nregion: us\nheartbeat: {keep: 7}\n");
    DeviceConfig flags = read("region: eu\nheartbeat: {interval: 60s}\n");
    DeviceConfig both = flags.over(file);
    assertEquals("eu", both.place().region());
    assertEquals(DeviceId.parse("home/a"), both.place().device());
    assertEquals(new DeviceConfig.Beats(Duration.ofMinutes(1), 7), both.beats());
  }

  @Test
  void everyMistake_isToldAtOnceWithItsLine() {
    assertEquals(
        List.of(
            "chip: line 1: 'z80' (expected: one of ndp101, ndp120)",
            "gateway.url: line 3: 'http://x' (expected: mqtts://HOST, mqtt://HOST or HOST:PORT,"
                + " such as localhost:1883)",
            "gateway.keepalive: line 4: unknown; did you mean keep_alive?",
            "heartbeat.interval: line 6: '15' (expected: a duration such as 90s, 30m, 6h, 2d or"
                + " PT30M)",
            "heartbeat.keep: line 7: 0 (expected: 1 to 10000)",
            "model.threshold: line 8: 200 (expected: -128 to 127)",
            "audio.loop: line 9: 'maybe' (expected: false or true)",
            "devise: line 10: unknown; did you mean device?"),
        errors(
            """
            chip: z80
            gateway:
              url: http://x
              keepalive: 60s
            heartbeat:
              interval: "15"
              keep: 0
            model: {threshold: 200}
            audio: {loop: maybe}
            devise: home/a
            """));
  }

  @Test
  void textThatIsNotYaml_isNamedWithItsLine() {
    assertEquals(
        List.of("configuration"),
        assertThrows(InvalidDocument.class, () -> read("device: [home\n")).errors().stream()
            .map(InvalidDocument.FieldError::field)
            .toList());
  }

  @Test
  void example_isRight() throws IOException {
    DeviceConfig config = ConfigFile.read(Path.of("agent.example.yaml"));
    assertEquals("mqtts://gateway.example:8883", String.valueOf(config.uplink().gateway()));
    assertEquals(new DeviceConfig.Beats(Duration.ofMinutes(15), 96), config.beats());
  }
}
