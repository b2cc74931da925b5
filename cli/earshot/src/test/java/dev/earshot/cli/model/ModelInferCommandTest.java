package dev.earshot.cli.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code model infer} takes, prints and refuses. */
class ModelInferCommandTest {
  private static final Path MODEL =
      Path.of("../../model-registry/releases/hey-nova-1.0.0/model.tflite");
  private static final int INPUTS = 1200;

  @TempDir private Path folder;

  private CommandRun infer(String csv) throws IOException {
    return infer(Files.writeString(folder.resolve("rows.csv"), csv));
  }

  private static CommandRun infer(Path csv) {
    return CommandRun.of("model", "infer", MODEL.toString(), "--inputs=" + csv);
  }

  private static List<String> columns() {
    return IntStream.range(0, INPUTS).mapToObj(i -> "x" + i).collect(Collectors.toList());
  }

  private static List<String> values(long seed) {
    Random random = new Random(seed);
    return random.ints(INPUTS, -128, 128).mapToObj(String::valueOf).collect(Collectors.toList());
  }

  private static String line(List<String> cells) {
    return String.join(",", cells) + "\n";
  }

  private String expected() throws IOException {
    return ok(infer(line(columns()) + line(values(1)) + line(values(2))));
  }

  private static String ok(CommandRun run) {
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.err());
    return run.out();
  }

  @ParameterizedTest
  @CsvSource({
    "kws_ref_model, kws_random, tflite-2.20, ref, --",
    "kws_ref_model, kws_random, tflite-legacy, ref219, --plain",
    "ad01_int8, ad_random, tflite-2.20, ref, --plain",
    "ad01_int8, ad_random, TFLITE-LEGACY, ref219, --"
  })
  void referenceModel_givesTheReferenceOutputsAndNothingElse(
      String model, String vectors, String rounding, String outputs, String path)
      throws IOException {
    Path shared = CommandRun.mlperfTiny();
    CommandRun run =
        CommandRun.of(
            "model",
            "infer",
            shared.resolve("models/" + model + ".tflite").toString(),
            "--inputs=" + shared.resolve("vectors/" + vectors + "_inputs.csv"),
            "--rounding=" + rounding,
            path);
    List<String> expected =
        Files.readAllLines(shared.resolve("vectors/" + vectors + "_outputs_" + outputs + ".csv"))
            .stream()
            .map(line -> line.substring(line.indexOf(',') + 1))
            .toList();
    assertEquals(expected, ok(run).lines().toList());
  }

  @Test
  void outputs_areAHeaderAndARowEach() throws IOException {
    List<String> lines = expected().lines().toList();
    assertEquals(3, lines.size());
    assertEquals("y0,y1,y2", lines.getFirst());
    assertTrue(lines.get(1).matches("-?\\d+,-?\\d+,-?\\d+"), lines.get(1));
  }

  @Test
  void otherColumns_areIgnoredWhereverTheyAre() throws IOException {
    List<String> header = columns();
    List<String> first = values(1);
    List<String> second = values(2);
    header.addAll(0, List.of("file", "label"));
    first.addAll(0, List.of("\"a,b.wav\"", "7"));
    second.addAll(0, List.of("", "2.0"));
    header.add("y0");
    first.add("not a number");
    second.add("");
    assertEquals(expected(), ok(infer(line(header) + line(first) + line(second))));
  }

  @Test
  void columnsInAnotherOrder_areTakenByName() throws IOException {
    List<List<String>> lines = List.of(columns(), values(1), values(2));
    lines.forEach(Collections::reverse);
    assertEquals(
        expected(),
        ok(infer(lines.stream().map(each -> line(each)).collect(Collectors.joining()))));
  }

  @Test
  void windowsLinesMarkBlankLinesAndSpaces_changeNothing() throws IOException {
    String csv = line(columns()) + "\n" + line(values(1)) + "  \n" + line(values(2)) + "\n";
    assertEquals(expected(), ok(infer("\uFEFF" + csv.replace("\n", "\r\n").replace(",", " , "))));
  }

  @Test
  void lastLineWithoutAnEnd_isRead() throws IOException {
    assertEquals(
        expected(), ok(infer(line(columns()) + line(values(1)) + line(values(2)).strip())));
  }

  @Test
  void withoutAHeader_rowsAreTheInputs() throws IOException {
    assertEquals(expected(), ok(infer(line(values(1)) + line(values(2)))));
    CommandRun named = infer("file.wav," + line(values(1)));
    assertTrue(named.err().contains("column x0 is missing from the header"), named.err());
    CommandRun wider = infer("7," + line(values(1)));
    assertTrue(wider.err().contains("line 1: 1201 values and no header"), wider.err());
  }

  @Test
  void noRows_giveAHeaderOnly() throws IOException {
    assertEquals("y0,y1,y2\n", ok(infer(line(columns()))));
  }

  @Test
  void wrongValue_isNamedByLineAndColumnAndEarlierRowsArePrinted() throws IOException {
    for (String wrong : List.of("128", "-129", "1.5", "", "NaN", "0x10")) {
      List<String> row = values(2);
      row.set(17, wrong);
      CommandRun run = infer(line(columns()) + line(values(1)) + line(row));
      refused(
          run, "rows.csv, line 3, column x17: '" + wrong + "' (expected: a whole number from -128");
      assertEquals(2, run.out().lines().count());
    }
  }

  @Test
  void wrongHeaders_areNamed() throws IOException {
    List<String> missing = new ArrayList<>(columns());
    missing.set(5, "z5");
    refused(
        infer(line(missing)),
        "column x5 is missing from the header (expected: columns x0 to x1199)");
    List<String> twice = new ArrayList<>(columns());
    twice.add("x9");
    refused(infer(line(twice)), "two columns are called x9");
    List<String> more = new ArrayList<>(columns());
    more.add("x1200");
    refused(infer(line(more)), "column x1200 (expected: columns x0 to x1199)");
  }

  @Test
  void raggedRow_isNamed() throws IOException {
    refused(
        infer(line(columns()) + "1,2,3\n"),
        "line 2: 3 cells (expected: 1200, as in the first line)");
  }

  @Test
  void unusableFiles_areRefusedInOneLine() throws IOException {
    refused(infer(""), "rows.csv: empty (expected: columns x0 to x1199)");
    refused(infer(" \n\n"), "rows.csv: empty");
    refused(infer(folder.resolve("none.csv")), "none.csv: no such file");
    refused(infer(folder), "can't be read");
    byte[] latin = ("é" + line(columns())).getBytes(ISO_8859_1);
    refused(infer(Files.write(folder.resolve("latin.csv"), latin)), "latin.csv: not UTF-8");
    Path rows = Files.writeString(folder.resolve("rows.csv"), line(columns()));
    refused(
        CommandRun.of(
            "model", "infer", folder.resolve("none.tflite").toString(), "--inputs=" + rows),
        "none.tflite: no such file");
    refused(CommandRun.of("model", "infer", rows.toString(), "--inputs=" + rows), "rows.csv: ");
  }

  @Test
  void unknownRounding_isWrongUsage() {
    CommandRun run =
        CommandRun.of("model", "infer", MODEL.toString(), "--inputs=x", "--rounding=nearest");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("'nearest' (expected: tflite-2.20 or tflite-legacy)"), run.err());
    assertEquals("", run.out());
  }

  private static void refused(CommandRun run, String because) {
    assertEquals(1, run.exitCode(), run.out());
    assertTrue(run.err().contains(because), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertFalse(run.err().contains("bug"), run.err());
  }
}
