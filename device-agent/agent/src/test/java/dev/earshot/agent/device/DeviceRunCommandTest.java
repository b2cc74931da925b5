package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.v1.Slot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DeviceRunCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... arguments) {
    return new CommandLine(new DeviceRunCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
  }

  @Test
  void benchmarkAudio_givesTheDetectionsOfTheReferenceRuntime() {
    int exit =
        run(
            "--audio", SharedData.file("audio/short_wav_easy10s.wav"),
            "--model", SharedData.file("models/str_ww_ref_model.tflite"));
    assertEquals(0, exit, err.toString());
    List<String> lines = out.toString().lines().toList();
    List<Double> wakes =
        lines.stream()
            .filter(line -> line.contains(" s  wake  score "))
            .map(line -> Double.valueOf(line.substring(0, line.indexOf(" s  wake")).strip()))
            .toList();
    // Windows of sww_short_test.json, to half a second after their end; the third word is missed.
    assertEquals(2, wakes.size(), out.toString());
    assertTrue(wakes.get(0) >= 1.0 && wakes.get(0) <= 1.648 + 0.5, out.toString());
    assertTrue(wakes.get(1) >= 4.0 && wakes.get(1) <= 4.762 + 0.5, out.toString());
    assertTrue(
        lines.get(2).startsWith("10.0 s of audio, 282 inferences, 2 detections"), lines.get(2));
    assertTrue(lines.get(3).startsWith("ndp120: "), lines.get(3));
  }

  @Test
  void thresholdOfTheCard_governs() throws IOException {
    Path card = directory.resolve("card.yaml");
    Files.writeString(
        card,
        """
        name: marvin
        version: 1.0.0
        counter: 1
        description: the benchmark's model
        chips: [ndp120]
        detector: {wakeClass: 0, thresholdScore: 120, smoothingFrames: 1, refractoryMillis: 1000}
        frontEnd: streaming-wake-word
        lineage: {seed: 1}
        """);
    int exit =
        run(
            "--audio", SharedData.file("audio/short_wav_easy10s.wav"),
            "--model", SharedData.file("models/str_ww_ref_model.tflite"),
            "--card", card);
    assertEquals(0, exit, err.toString());
    assertTrue(out.toString().contains(", 1 detections"), out.toString());
  }

  @Test
  void keywordModel_isHeardThroughTheFrontEndOfItsCard() throws IOException {
    Path card = directory.resolve("card.yaml");
    Files.writeString(
        card,
        """
        name: keywords
        version: 1.0.0
        counter: 1
        description: the keyword-spotting reference; class 11 is a word that is none of its ten
        chips: [ndp120]
        detector: {wakeClass: 11, thresholdScore: 115, smoothingFrames: 1, refractoryMillis: 1000}
        frontEnd: keyword-spotting-mfcc
        """);
    int exit =
        run(
            "--audio", SharedData.file("audio/marvin_617de221_0.wav"),
            "--model", SharedData.file("models/kws_ref_model.tflite"),
            "--card", card);
    assertEquals(0, exit, err.toString());
    assertTrue(
        out.toString().contains("1.0 s of audio, 1 inferences, 1 detections"), out.toString());
  }

  @Test
  void furtherWordsOfTheCard_areReportedByTheirLabels() throws IOException {
    Path card = directory.resolve("card.yaml");
    Files.writeString(
        card,
        """
        name: marvin
        version: 1.0.0
        counter: 1
        description: what the benchmark's model takes for its other class is a word, too
        chips: [ndp120]
        detector:
          wakeClass: 0
          thresholdScore: 115
          smoothingFrames: 1
          refractoryMillis: 1000
          words:
          - {label: other, wakeClass: 2, thresholdScore: 100, smoothingFrames: 8, refractoryMillis: 60000}
        frontEnd: streaming-wake-word
        """);
    int exit =
        run(
            "--audio", SharedData.file("audio/short_wav_easy10s.wav"),
            "--model", SharedData.file("models/str_ww_ref_model.tflite"),
            "--card", card);
    assertEquals(0, exit, err.toString());
    List<String> words =
        out.toString()
            .lines()
            .filter(line -> line.contains("  score "))
            .map(line -> line.replaceAll(".* s  ([a-z]+)  score .*", "$1"))
            .toList();
    assertEquals(List.of("wake", "other", "wake"), words, out.toString());
  }

  @Test
  void cardWithoutADetector_isNamed() throws IOException {
    Path card = directory.resolve("card.yaml");
    Files.writeString(
        card,
        """
        name: marvin
        version: 1.0.0
        counter: 1
        description: x
        chips: [ndp120]
        frontEnd: streaming-wake-word
        """);
    int exit =
        run(
            "--audio", SharedData.file("audio/short_wav_easy10s.wav"),
            "--model", SharedData.file("models/str_ww_ref_model.tflite"),
            "--card", card);
    assertEquals(1, exit);
    assertTrue(err.toString().contains("'detector'"), err.toString());
  }

  @Test
  void brokenCard_isNamedWithItsField() throws IOException {
    Path card = directory.resolve("card.yaml");
    Files.writeString(
        card,
        """
        name: marvin
        version: 1.0.0
        counter: 1
        description: x
        chips: [ndp120]
        detector: {wakeClass: 0, thresholdScore: 500, smoothingFrames: 1, refractoryMillis: 1000}
        frontEnd: streaming-wake-word
        """);
    int exit =
        run(
            "--audio", SharedData.file("audio/short_wav_easy10s.wav"),
            "--model", SharedData.file("models/str_ww_ref_model.tflite"),
            "--card", card);
    assertEquals(1, exit);
    assertEquals(
        "earshot device run: "
            + card
            + ": detector: detector.thresholdScore: 500 (expected: -128 to 127)",
        err.toString().strip());
  }

  @Test
  void fileThatIsNotThere_isNamed() {
    int exit = run("--audio", directory.resolve("no.wav"), "--model", "no.tflite");
    assertEquals(1, exit);
    assertEquals(
        "earshot device run: " + directory.resolve("no.wav") + ": no such file",
        err.toString().strip());
  }

  @Test
  void modelThatDoesNotListen_isRefused() {
    int exit =
        run(
            "--audio", SharedData.file("audio/marvin_617de221_0.wav"),
            "--model", SharedData.file("models/kws_ref_model.tflite"));
    assertEquals(1, exit);
    assertEquals(
        "earshot device run: model input 1x49x10x1: not frames of 40 features, as the front end"
            + " gives",
        err.toString().strip());
  }

  @Test
  void wrongUsage_saysWhatIsMissing() {
    assertUsage("--loop needs --gateway", "--audio", "a.wav", "--model", "m.tflite", "--loop");
    assertUsage("--model FILE.tflite is missing", "--audio", "a.wav");
    assertUsage("--gateway needs --device FLEET/NAME", "--audio", "a.wav", "--gateway", "h:1");
    assertUsage(
        "--gateway: 'h' (expected: mqtts://HOST, mqtt://HOST or HOST:PORT, such as localhost:1883)",
        "--audio",
        "a.wav",
        "--gateway",
        "h",
        "--device",
        "home/k");
    assertUsage(
        "--gateway needs --trust DIR",
        "--audio",
        "a.wav",
        "--gateway",
        "h:1",
        "--device",
        "home/k");
    assertUsage(
        "--chip: 'z80' (expected: one of ndp101, ndp120)",
        "--audio",
        "a.wav",
        "--gateway",
        "h:1",
        "--device",
        "home/k",
        "--trust",
        "trust",
        "--chip",
        "z80");
  }

  @Test
  void version_saysWhatItIsAndSpeaks() {
    assertEquals(0, run("--version"));
    List<String> lines = out.toString().lines().toList();
    assertEquals("earshot-agent 0.1.0", lines.get(0));
    assertEquals(
        "engine: int8 TFLite, front ends streaming-wake-word, keyword-spotting-mfcc,"
            + " ndp101-log-mel, chips ndp101, ndp120",
        lines.get(1));
    assertEquals("protocol: earshot/v1 over MQTT 3.1.1; TLS 1.2 and 1.3", lines.get(2));
  }

  @Test
  void configurationWithMistakes_isWrongUsage() throws IOException {
    Path config = Files.writeString(directory.resolve("agent.yaml"), "device: home\n");
    assertEquals(ExitCode.USAGE, run("--config", config));
    assertTrue(
        err.toString()
            .startsWith("earshot device run: " + config + ": configuration: line 1: device: "),
        err.toString());
    assertUsage("--config: no.yaml: no such file", "--config", "no.yaml");
  }

  @Test
  void flags_winOverTheFile() throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("agent.yaml"),
            "gateway: {url: mqtt://localhost:1}\ndevice: home/k\nchip: ndp101\n");
    assertUsage(
        "--chip: 'z80' (expected: one of ndp101, ndp120)", "--config", config, "--chip", "z80");
    assertUsage("--gateway needs --trust DIR", "--config", config);
  }

  private int join(Object... more) throws IOException {
    Path trust = directory.resolve("trust");
    return joinTrusting(trust, more);
  }

  private int joinTrusting(Path trust, Object... more) throws IOException {
    LocalTrust.generate(Instant.now().plusSeconds(3600))
        .anchors()
        .write(directory.resolve("trust"));
    Path audio = silence(directory.resolve("silence.wav"));
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "--audio",
                audio,
                "--gateway",
                "127.0.0.1:1",
                "--device",
                "home/k",
                "--trust",
                trust,
                "--state",
                directory.resolve("state")));
    arguments.addAll(List.of(more));
    err.getBuffer().setLength(0);
    return run(arguments.toArray());
  }

  /** A second of 16 kHz silence. */
  static Path silence(Path file) throws IOException {
    try (AudioInputStream samples =
        new AudioInputStream(
            new ByteArrayInputStream(new byte[32_000]),
            new AudioFormat(16_000, 16, 1, true, false),
            16_000)) {
      AudioSystem.write(samples, AudioFileFormat.Type.WAVE, file.toFile());
    }
    return file;
  }

  private void assertFailure(int expected, String message, int exit) {
    assertEquals(expected, exit, err.toString());
    assertTrue(err.toString().contains(message), err.toString());
  }

  @Test
  void deviceWithoutAModel_isNotProvisioned() throws IOException {
    assertFailure(
        ExitCode.NOT_PROVISIONED,
        "a new device needs a model to start with (give --model FILE.tflite)",
        join());
  }

  @Test
  void deviceWithoutRootsOfTrust_isNotProvisioned() throws IOException {
    assertFailure(
        ExitCode.NOT_PROVISIONED,
        "image-root.json: no such file",
        joinTrusting(directory.resolve("nothing")));
  }

  @Test
  void stateThatIsDamaged_cannotBeUsed() throws IOException {
    Path state = Files.createDirectories(directory.resolve("state"));
    Files.writeString(state.resolve("state"), "garbage that is long enough");
    assertFailure(ExitCode.STATE_UNUSABLE, state.resolve("state").toString(), join());
  }

  @Test
  void stateThatIsAFile_cannotBeUsed() throws IOException {
    Files.writeString(directory.resolve("state"), "");
    assertFailure(
        ExitCode.STATE_UNUSABLE,
        directory.resolve("state") + ": can't be read and written",
        join());
  }

  @Test
  void stateOfAnotherAgent_isLeftAlone() throws IOException {
    try (FileFlash other = new FileFlash(directory.resolve("state"), 1 << 20)) {
      assertEquals(0, other.length(Slot.SLOT_A, Flash.Part.MODEL));
      assertFailure(ExitCode.STATE_IN_USE, "another agent is using it", join());
    }
  }

  @Test
  void credentialsThatCannotBeRead_areNamed() throws IOException {
    Path missing = directory.resolve("missing.pem");
    assertFailure(ExitCode.CREDENTIALS, missing + ": no such file", join("--ca", missing));
    assertFailure(
        ExitCode.CREDENTIALS, missing + ": no such file", join("--password-file", missing));
    assertEquals(ExitCode.USAGE, join("--cert", missing));
    assertTrue(err.toString().startsWith("certificate and key: only one is given"));
  }

  private void assertUsage(String message, Object... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(2, run(arguments));
    assertTrue(err.toString().startsWith(message), err.toString());
  }
}
