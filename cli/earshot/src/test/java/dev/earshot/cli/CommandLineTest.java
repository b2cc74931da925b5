package dev.earshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** What a person at a terminal sees: help, refusals, output. */
class CommandLineTest {
  @Test
  void helpOfEveryCommand_saysWhatItDoesAndWhatEachOptionMeans() {
    List<String> poor = new ArrayList<>();
    List<CommandLine> open = new ArrayList<>(List.of(Earshot.commandLine()));
    int commands = 0;
    while (!open.isEmpty()) {
      CommandLine command = open.removeLast();
      open.addAll(command.getSubcommands().values());
      commands++;
      String name = command.getCommandSpec().qualifiedName();
      if (command.getCommandSpec().usageMessage().description().length == 0) {
        poor.add(name + ": no description");
      }
      for (ArgSpec argument : command.getCommandSpec().args()) {
        if (argument.description().length == 0) {
          poor.add(name + ": " + argument.paramLabel() + " is not described");
        }
      }
      command
          .getUsageMessage()
          .lines()
          .filter(line -> line.length() > 100)
          .forEach(line -> poor.add(name + ": a line is longer than 100: " + line));
    }
    assertEquals(List.of(), poor);
    assertTrue(commands > 20, "commands: " + commands);
  }

  @Test
  void noCommand_isWrongUsage() {
    CommandRun outcome = run("rollout");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().startsWith("Say what to do"), outcome.err());
  }

  @Test
  void portInUse_isOneLineThatNamesTheOption(@TempDir Path data) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      CommandRun outcome =
          run(
              "up",
              "--data=" + data,
              "--kafka-port=0",
              "--mqtt-port=0",
              "--gateway-port=0",
              "--registry-port=" + port,
              "--rollout-port=0",
              "--monitoring-port=0",
              "--simulator-port=0");
      assertEquals(1, outcome.exitCode());
      assertEquals(
          "earshot: port "
              + port
              + " is in use. Fix: stop what listens there, or choose another with --registry-port"
              + " PORT.\n",
          outcome.err());
    }
  }

  @Test
  void folderOfAnotherUp_isRefusedInOneLine(@TempDir Path data) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertTrue(lock.isValid());
      CommandRun outcome = run("up", "--data=" + data);
      assertEquals(1, outcome.exitCode());
      assertTrue(
          outcome.err().startsWith("earshot: another `earshot up` is running on " + data),
          outcome.err());
      assertEquals(1, outcome.err().lines().count());
    }
  }

  @Test
  void unusableFolder_isRefusedInOneLine(@TempDir Path data) throws IOException {
    Path file = Files.writeString(data.resolve("file"), "not a folder");
    CommandRun outcome = run("up", "--data=" + file);
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().startsWith("earshot: can't use the data folder"), outcome.err());
    assertEquals(1, outcome.err().lines().count());
  }

  @Test
  void numbersOutOfRange_areRefusedWithTheRange(@TempDir Path data) {
    assertEquals(
        "earshot: --devices: 20001 (expected: 0 to 20000)\n",
        run("up", "--data=" + data, "--devices=20001").err());
    assertEquals(
        "earshot: --speed: 0.5 (expected: 1 to 3600)\n",
        run("up", "--data=" + data, "--speed=0.5").err());
  }

  @Test
  void nothingRunning_saysHowToStartIt(@TempDir Path data) {
    CommandRun outcome = run("rollout", "list", "--data=" + data);
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().contains("Start one with `earshot up`"), outcome.err());
  }

  @Test
  void gateEvaluate_printsTheEvidenceAsJson(@TempDir Path folder) throws IOException {
    StringBuilder csv =
        new StringBuilder(
            "device,stratum,arm,exposure_hours,count,prior_exposure_hours,prior_count\n");
    for (int i = 0; i < 200; i++) {
      boolean treated = i % 2 == 0;
      csv.append("d")
          .append(i)
          .append(",car,")
          .append(treated ? "treatment" : "control")
          .append(",10,")
          .append(treated ? 8 + i % 5 : 3 + i % 3)
          .append(",24,")
          .append(9 + i % 7)
          .append('\n');
    }
    Path file = Files.writeString(folder.resolve("devices.csv"), csv);

    JsonNode json = new ObjectMapper().readTree(run("gate", "evaluate", file.toString()).out());

    for (String field : List.of("U", "A", "V", "S", "J", "psi", "z", "log_e", "guard")) {
      assertTrue(json.at("/pooled/" + field).isValueNode(), "pooled." + field);
      assertTrue(json.at("/strata/car/" + field).isValueNode(), "car." + field);
    }
    assertEquals("harm", json.path("decision").asText());
    assertTrue(json.path("log_e").asDouble() > json.path("decision_log_threshold").asDouble());
  }

  @Test
  void gateEvaluateOnABadFile_namesLineAndColumn(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("devices.csv"),
            "device,stratum,arm,exposure_hours,count,prior_exposure_hours,prior_count\n"
                + "d1,car,treatment,10,1.5,24,9\n");
    CommandRun outcome = run("gate", "evaluate", file.toString());
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().contains("line 2, column count: 1.5"), outcome.err());
  }

  @Test
  void gateEvaluateOnNoFile_saysSoInOneLine(@TempDir Path folder) throws IOException {
    CommandRun missing = run("gate", "evaluate", folder.resolve("none.csv").toString());
    Path latin = Files.write(folder.resolve("latin.csv"), new byte[] {'d', (byte) 0xE9, '\n'});
    CommandRun notText = run("gate", "evaluate", latin.toString());
    CommandRun directory = run("gate", "evaluate", folder.toString());

    assertEquals(
        "earshot: "
            + folder.resolve("none.csv")
            + ": no such file (expected: the devices, comma-separated)\n",
        missing.err());
    assertTrue(notText.err().contains("latin.csv: not UTF-8"), notText.err());
    for (CommandRun outcome : List.of(missing, notText, directory)) {
      assertEquals(1, outcome.exitCode());
      assertEquals(1, outcome.err().lines().count(), outcome.err());
      assertFalse(outcome.err().contains("bug"), outcome.err());
    }
  }

  @Test
  void gateEvaluateWithARatioBelowOne_namesTheOption(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("devices.csv"),
            "device,stratum,arm,exposure_hours,count,prior_exposure_hours,prior_count\n");
    CommandRun outcome = run("gate", "evaluate", file.toString(), "--theta0=0.5");
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().startsWith("earshot: theta0: 0.5 (expected: 1"), outcome.err());
  }

  @Test
  void benchGates_printsFiguresWithTheirTargetsAndProgressApart() {
    CommandRun outcome =
        run("bench", "gates", "--rollouts=2", "--seed=7", "--only=car,non-inferiority");
    assertTrue(outcome.out().startsWith("2 rollouts of each scenario"), outcome.out());
    assertTrue(outcome.out().contains("seed 7"), outcome.out());
    assertTrue(outcome.out().contains("[target: at least 99 %, reached]"), outcome.out());
    assertTrue(outcome.err().contains("car-only ratio 2.0: 2 of 2"), outcome.err());
    boolean allReached = outcome.out().contains("Every target was reached.");
    assertEquals(allReached ? 0 : 1, outcome.exitCode());
  }

  @Test
  void benchGatesOnAnUnknownSection_namesThoseThatAre() {
    CommandRun outcome = run("bench", "gates", "--only=cars");
    assertEquals(2, outcome.exitCode());
    assertTrue(
        outcome
            .err()
            .startsWith(
                "--only: cars (expected: comparison, nulls, car, non-inferiority, power, ramp)"),
        outcome.err());
  }

  @Test
  void modelInspect_saysWhatItCostsAndWhichChipsFit() {
    Path model = CommandRun.mlperfTiny().resolve("models/str_ww_ref_model.tflite");
    String out = run("model", "inspect", model.toString()).out();
    assertTrue(out.contains("DEPTHWISE_CONV_2D"), out);
    assertTrue(out.contains("826,368 MACs"), out);
    assertTrue(out.contains("ndp120: fits"), out);
    assertTrue(out.contains("ndp101: does not fit"), out);
  }

  @Test
  void hostileModel_isRefusedInOneLine(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("bad.tflite"), new byte[] {1, 2, 3});
    CommandRun outcome = run("model", "inspect", file.toString());
    assertEquals(1, outcome.exitCode());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertFalse(outcome.err().contains("bug"), outcome.err());
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.of(arguments);
  }
}
