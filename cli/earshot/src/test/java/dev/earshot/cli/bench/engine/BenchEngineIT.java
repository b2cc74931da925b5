package dev.earshot.cli.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Earshot;
import dev.earshot.tflite.TfLite;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(300)
class BenchEngineIT {
  private static final Path MODELS = Path.of("../../../shared/mlperf-tiny");

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Earshot.commandLine().setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  @Test
  void smallRun_measuresEveryContestant() throws Exception {
    assumeTrue(Files.isDirectory(MODELS), "skipped: no MLPerf Tiny data beside the project");
    assumeTrue(
        TfLite.load() instanceof TfLite.Available, "skipped: no TensorFlow Lite for this platform");
    Path json = folder.resolve("figures.json");
    int code =
        run(
            "bench",
            "engine",
            "--models=" + MODELS,
            "--only=sww",
            "--rounds=1",
            "--seconds=0.02",
            "--warmup=0.1",
            "--json=" + json);
    assertEquals(0, code, err.toString());
    JsonNode sections = new ObjectMapper().readTree(json.toFile()).get("sections");
    for (Contestant each : Contestant.values()) {
      if (!each.runs(TinyModel.SWW)) {
        continue;
      }
      double micros = sections.get(0).get("rows").get(each.title() + ", us").get("sww").asDouble();
      assertTrue(micros > 0, each.title());
    }
    JsonNode costs = sections.get(1).get("rows");
    assertTrue(costs.get("inferences a second, two threads").get("sww").asDouble() > 0);
    double device = costs.get("a device, KiB").get("sww").asDouble();
    assertTrue(device > 1 && device < 32, () -> "a device: " + device + " KiB");
  }

  @Test
  void folderWithoutTheModel_isNamed() {
    assertEquals(1, run("bench", "engine", "--only=kws", "--models=" + folder));
    assertTrue(
        err.toString().startsWith("earshot: --models: no kws_ref_model.tflite in " + folder),
        err.toString());
  }
}
