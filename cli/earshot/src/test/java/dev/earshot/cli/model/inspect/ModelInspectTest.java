package dev.earshot.cli.model.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Earshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page and the JSON of real models. */
class ModelInspectTest {
  private record Outcome(int exitCode, String out, String err) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kws_ref_model",
        "str_ww_ref_model",
        "vww_96_int8",
        "pretrainedResnet_quant",
        "pretrainedResnet_large_int8",
        "ad01_int8"
      })
  void everyReferenceModel_hasAWholePage(String model) {
    String page = page(model);
    for (String part :
        List.of(
            "\nOperators\n",
            "\nQuantization: real = scale * (q - zero point)\n",
            "\nMemory\n",
            "\n  ndp101: does not fit\n",
            "\n  ndp120: fits\n",
            "A single inference, modelled, not measured",
            "Syntiant NDP120, 1.1 V, 98.7 MHz (v1.0)",
            "to compare: STM32U385 (v1.3)",
            "Listening with 31.25 inferences a second, modelled, not measured")) {
      assertTrue(page.contains(part), () -> part + " in " + page);
    }
  }

  @Test
  void page_showsShapesQuantizationLimitsAndPublishedFigures() {
    String page = page("kws_ref_model");
    for (String part :
        List.of(
            "input   1x49x10x1 int8, scale 0.5847029, zero point 83",
            "CONV_2D            1x49x10x1  1x25x5x64  64x10x4x1 int8    320,000",
            "per channel      64  0.0002703068  0.002022754",
            "2,656,768      22,604",
            "layers 10 > 4 (over by 6)",
            "weight bits 8 > 4 (over by 4)",
            "31.5 uJ, 4.37 ms (keyword spotting)",
            "days on cr2032",
            "225 mAh at 3 V, 90 % usable, 1 % self-discharge a year; the chip alone")) {
      assertTrue(page.contains(part), () -> part + " in " + page);
    }
  }

  @Test
  void columns_areAligned() {
    List<String> lines = page("ad01_int8").lines().toList();
    int first = lines.indexOf("Operators") + 1;
    int column = lines.get(first).indexOf("output");
    for (String line : lines.subList(first + 1, first + 11)) {
      assertEquals("1x", line.substring(column, column + 2), line);
      assertEquals(' ', line.charAt(column - 1), line);
    }
  }

  @Test
  void networkThatTakesLongerThanAFrame_isSaidNotToKeepUp() {
    String page = page("pretrainedResnet_large_int8");
    assertTrue(page.contains("ndp120: can't keep up with so many inferences a second"), page);
    assertFalse(page.contains("days on"), page);
    assertTrue(page("pretrainedResnet_large_int8", "--rate=1").contains("days on cr2032"));
  }

  @Test
  void calibration_showsTheErrorOfEveryPublishedPoint() {
    String page = page("kws_ref_model", "--calibration");
    List<String> points =
        page.lines()
            .filter(line -> line.matches(".*\\(v1\\.\\d\\) +[a-z ]+ +[0-9,.]+ .* %.*"))
            .toList();
    assertEquals(18, points.size(), page);
    assertTrue(
        page.contains("energy per weight fetched at 0.9 V           12.5  pJ    fixed"), page);
  }

  @Test
  void json_holdsThePage() throws IOException {
    JsonNode root =
        new ObjectMapper().readTree(page("ad01_int8", "--json", "--duty=50", "--cell=100:3:1:0"));
    assertEquals(264_192, root.at("/macs").asLong());
    assertEquals(10, root.at("/operators").size());
    assertEquals("[128,640]", root.at("/operators/0/constants/0/shape").toString());
    JsonNode ndp101 = root.at("/chips/0");
    assertFalse(ndp101.at("/fits").asBoolean());
    List<String> limits = new ArrayList<>();
    ndp101
        .at("/misfits")
        .forEach(
            misfit ->
                limits.add(misfit.at("/limit").asText() + "+" + misfit.at("/excess").asLong()));
    assertEquals(List.of("weight-bits+4", "layers+6", "classes+576"), limits);
    JsonNode ndp120 = root.at("/chips/1");
    double average = ndp120.at("/averageMilliwatts/value").asDouble();
    assertEquals(average, ndp120.at("/listeningMilliwatts/value").asDouble() / 2, 1e-9);
    assertEquals(300 / average / 24, ndp120.at("/batteryDays/value").asDouble(), 1e-6);
    assertTrue(
        ndp120.at("/inferences/0/microjoules/low").asDouble()
            < ndp120.at("/inferences/0/microjoules/value").asDouble());
    assertEquals(203, root.at("/others/0/published/microjoules").asDouble());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--rate=0 | --rate: 0.0 (expected: above 0 to 10000)",
        "--duty=101 | --duty: 101.0 (expected: above 0 to 100)",
        "--cell=aa | --cell: 'aa' (expected: one of cr2032, lipo100, 2xaaa, or MAH:VOLTS:USABLE:YEARLY)",
        "--cell=1:2:x:0 | --cell: '1:2:x:0' (expected: four numbers)",
        "--cell=1:2:3:0 | --cell: cell usableShare: 3.0 (expected: above 0 to 1)",
      })
  void impossibleUse_isRefusedInOneLine(String option, String message) {
    Outcome outcome = run("model", "inspect", "no-such-file.tflite", option);
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().contains(message), outcome.err());
    assertEquals("", outcome.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "31.5|31.5",
        "0.1234|0.123",
        "1234.5|1,235",
        "120|120",
        "100.4|100",
        "0.0501|0.0501",
        "42|42"
      })
  void figures_haveThreeDigitsThatCount(double value, String text) {
    assertEquals(text, ChipPage.figure(value));
  }

  private static String page(String model, String... options) {
    Path shared = Path.of("../../../shared/mlperf-tiny");
    assumeTrue(Files.isDirectory(shared), "the MLPerf Tiny data is not beside the project");
    List<String> arguments =
        new ArrayList<>(
            List.of("model", "inspect", shared.resolve("models/" + model + ".tflite").toString()));
    arguments.addAll(List.of(options));
    Outcome outcome = run(arguments.toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome.err());
    return outcome.out();
  }

  private static Outcome run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Earshot.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
      return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
    } finally {
      System.setOut(before);
    }
  }
}
