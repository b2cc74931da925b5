package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        "earshot device run: model input 1x49x10x1: not frames of 40 features, as the front end gives",
        err.toString().strip());
  }

  @Test
  void wrongUsage_saysWhatIsMissing() {
    assertUsage("--loop needs --gateway", "--audio", "a.wav", "--model", "m.tflite", "--loop");
    assertUsage("--model FILE.tflite is missing", "--audio", "a.wav");
    assertUsage("--gateway needs --device FLEET/NAME", "--audio", "a.wav", "--gateway", "h:1");
    assertUsage(
        "--gateway: 'h' (expected: HOST:PORT, such as localhost:1883)",
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

  private void assertUsage(String message, Object... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(2, run(arguments));
    assertTrue(err.toString().startsWith(message), err.toString());
  }
}
