package dev.earshot.cli.bench.mlperf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.CommandRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark as a user runs it, on real models, with latency measured for no time at all. */
class BenchMlperfTinyCommandTest {
  @TempDir private Path folder;

  private CommandRun run(List<Path> models, Path data, String... more) {
    List<String> line = new ArrayList<>(List.of("bench", "mlperf-tiny", "--seconds=0.001"));
    line.add("--models");
    models.forEach(model -> line.add(model.toString()));
    line.add("--data=" + data);
    line.add("--json=" + folder.resolve("report.json"));
    line.addAll(List.of(more));
    return CommandRun.of(line.toArray(String[]::new));
  }

  private JsonNode model(int index) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("report.json").toFile())
        .at("/models/" + index);
  }

  private static Path model(String name) {
    return CommandRun.mlperfTiny().resolve("models").resolve(name + ".tflite");
  }

  @Test
  void keywordSpotting_equalsTheReferenceToTheSample() throws IOException {
    CommandRun run = run(List.of(model("kws_ref_model")), CommandRun.mlperfTiny());
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("89.8 % (449 of 500)"), run.out());
    assertTrue(run.out().contains("reference is right on 449, this engine on 449"), run.out());
    assertTrue(run.out().contains("the benchmark's 1000 inputs; 500 are given"), run.out());
    assertEquals(510, model(0).at("/reference_rows/equal").asInt());
    assertEquals(510, model(0).at("/reference_rows/total").asInt());
    assertEquals("undecided", model(0).path("verdict").asText());
    assertTrue(model(0).at("/latency/inferences").asInt() >= 10);
    assertEquals(4.37, model(0).at("/chip/points/0/published_ms").asDouble());
  }

  @Test
  void legacyRounding_equalsTheLegacyReference() throws IOException {
    run(List.of(model("ad01_int8")), CommandRun.mlperfTiny(), "--rounding=tflite-legacy");
    assertEquals(10, model(0).at("/reference_rows/equal").asInt());
    assertEquals("tflite-legacy", model(0).path("rounding").asText());
  }

  @Test
  void streamingWakeWord_hearsTwoOfThreeByBothRulesAndDecidesNothing() throws IOException {
    CommandRun run = run(List.of(model("str_ww_ref_model")), CommandRun.mlperfTiny());
    JsonNode recording = model(0).at("/quality/recordings/0");
    assertEquals("short_wav_easy10s.wav", recording.path("recording").asText());
    for (String rule : List.of("evaluation_script", "runner")) {
      assertEquals(2, recording.at("/" + rule + "/true_positives").asInt(), rule);
      assertEquals(1, recording.at("/" + rule + "/false_negatives").asInt(), rule);
      assertEquals(0, recording.at("/" + rule + "/false_positives").asInt(), rule);
    }
    assertTrue(run.out().contains("10 s of audio can't decide a target that is for 20 minutes"));
    assertEquals("undecided", model(0).path("verdict").asText());
  }

  @Test
  void randomInputs_giveNoAccuracy() throws IOException {
    CommandRun run =
        run(List.of(model("pretrainedResnet_quant"), model("ad01_int8")), CommandRun.mlperfTiny());
    assertEquals(0, run.exitCode(), run.err());
    for (int i = 0; i < 2; i++) {
      assertEquals("no labelled data", model(i).at("/quality/none").asText());
      assertEquals(10, model(i).at("/reference_rows/equal").asInt());
    }
  }

  @Test
  void runnersKeywordFolder_isReadAsItIs() throws IOException {
    List<String> rows =
        Files.readAllLines(CommandRun.mlperfTiny().resolve("vectors/kws_inputs.csv"));
    StringBuilder labels = new StringBuilder();
    for (String row : rows.subList(1, 4)) {
      String[] cells = row.split(",", -1);
      byte[] input = new byte[490];
      for (int i = 0; i < input.length; i++) {
        input[i] = Byte.parseByte(cells[i + 2]);
      }
      write("kws01/" + cells[0], input);
      labels.append(cells[0]).append(",12,").append(cells[1]).append("\r\n");
    }
    labels.append("tst_gone.bin,12,3\r\n");
    write("kws01/y_labels.csv", labels.toString().getBytes(UTF_8));
    run(List.of(model("kws_ref_model")), folder);
    assertEquals(3, model(0).at("/quality/right").asInt());
    assertEquals(3, model(0).at("/quality/inputs").asInt());
  }

  @Test
  void runnersPictures_areBytesFrom0To255() throws IOException {
    List<String> inputs =
        Files.readAllLines(CommandRun.mlperfTiny().resolve("vectors/vww_random_inputs.csv"));
    List<String> outputs =
        Files.readAllLines(CommandRun.mlperfTiny().resolve("vectors/vww_random_outputs_ref.csv"));
    StringBuilder labels = new StringBuilder();
    for (int row = 1; row < inputs.size(); row++) {
      String[] cells = inputs.get(row).split(",", -1);
      byte[] pixels = new byte[96 * 96 * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (Integer.parseInt(cells[i + 1]) + 128);
      }
      write("vww01/" + row + ".bin", pixels);
      String[] out = outputs.get(row).split(",", -1);
      int label = Integer.parseInt(out[1]) >= Integer.parseInt(out[2]) ? 0 : 1;
      labels.append(row).append(".bin,2,").append(label).append('\n');
    }
    write("vww01/y_labels.csv", labels.toString().getBytes(UTF_8));
    run(List.of(model("vww_96_int8")), folder);
    assertEquals(10, model(0).at("/quality/right").asInt());
  }

  @Test
  void runnersSpectrograms_areToldApartByTheirError() throws IOException {
    StringBuilder labels = new StringBuilder();
    Random random = new Random(1);
    for (int file = 0; file < 4; file++) {
      boolean anomaly = file % 2 == 1;
      ByteBuffer floats = ByteBuffer.allocate(7 * 128 * 4).order(ByteOrder.LITTLE_ENDIAN);
      while (floats.hasRemaining()) {
        floats.putFloat((float) (-20 + (anomaly ? 40 * random.nextGaussian() : 0)));
      }
      String name =
          (anomaly ? "anomaly" : "normal") + "_id_01_0000000" + file + "_hist_librosa.bin";
      write("ad01/" + name, floats.array());
      labels.append(name).append(anomaly ? ",2,1" : ",2,0").append(",2560,512\n");
    }
    write("ad01/y_labels.csv", labels.toString().getBytes(UTF_8));
    run(List.of(model("ad01_int8")), folder);
    assertEquals(1.0, model(0).at("/quality/auc").asDouble());
    assertEquals(4, model(0).at("/quality/files").asInt());
    assertEquals("undecided", model(0).path("verdict").asText());
  }

  @Test
  void fileOfAnotherSize_isRefusedByName() throws IOException {
    write("kws01/short.bin", new byte[489]);
    write("kws01/y_labels.csv", "short.bin,12,3\n".getBytes(UTF_8));
    CommandRun run = run(List.of(model("kws_ref_model")), folder);
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("short.bin: 489 bytes (expected: 490"), run.err());
  }

  @Test
  void noModelsAndNoData_areOneLineEach() {
    Path shared = CommandRun.mlperfTiny();
    CommandRun noModels = run(List.of(folder), shared);
    assertTrue(noModels.err().contains("--models: no .tflite file in"), noModels.err());
    CommandRun noData = run(List.of(model("kws_ref_model")), folder.resolve("none"));
    assertTrue(noData.err().contains("none: no such folder"), noData.err());
    assertEquals(1, noData.exitCode());
  }

  @Test
  void pareto_showsEveryModel() throws IOException {
    Path plot = folder.resolve("plot.svg");
    Path releases = Path.of("../../model-registry/releases");
    CommandRun run = run(List.of(releases), folder, "--pareto=" + plot);
    assertEquals(0, run.exitCode(), run.err());
    String svg = Files.readString(plot);
    for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
      assertTrue(svg.contains("hey-nova-" + version), version);
    }
  }

  @Test
  void plotOfAnotherKind_isRefusedBeforeAnythingIsMeasured() {
    CommandRun run =
        run(List.of(Path.of("../../model-registry/releases")), folder, "--pareto=plot.pdf");
    assertEquals(
        "earshot: --pareto: plot.pdf (expected: a name that ends in .svg or .png)\n", run.err());
    CommandRun nowhere =
        run(List.of(Path.of("../../model-registry/releases")), folder, "--pareto=none/plot.svg");
    assertTrue(nowhere.err().contains("its folder does not exist"), nowhere.err());
  }

  @Test
  void modelWithoutItsData_isMeasuredWithoutAccuracy() throws IOException {
    Path anonymous = Files.createDirectories(folder.resolve("models"));
    Files.copy(
        Path.of("../../model-registry/releases/hey-nova-1.0.0/model.tflite"),
        anonymous.resolve("own.tflite"));
    run(List.of(anonymous), folder);
    // Its shapes are the streaming wake word's, whose recordings are not there.
    assertEquals("streaming wake word", model(0).path("task").asText());
    assertEquals("no recordings with detection windows", model(0).at("/quality/none").asText());
  }

  @Test
  void bundledReleases_areShownWithTheirOwnEvaluation() throws IOException {
    CommandRun run = run(List.of(Path.of("../../model-registry/releases")), folder);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("hey-nova-1.0.0", model(0).path("model").asText());
    assertTrue(model(0).at("/quality/heard").asDouble() > 0.7);
    assertTrue(run.out().contains("wake word (release)"), run.out());
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
