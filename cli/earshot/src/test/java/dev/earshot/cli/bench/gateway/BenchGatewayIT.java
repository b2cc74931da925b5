package dev.earshot.cli.bench.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Earshot;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(600)
class BenchGatewayIT {
  @TempDir Path folder;

  @Test
  void smallRun_measuresEveryPart() throws Exception {
    Path json = folder.resolve("figures.json");
    StringWriter err = new StringWriter();
    CommandLine command = Earshot.commandLine().setErr(new PrintWriter(err));
    int code =
        command.execute(
            "bench gateway -c 4 --in-flight 10 --rounds 1 --seconds 1 --warmup 1"
                    .concat(" --idle-connections 30 --json ")
                    .concat(json.toString())
                    .split(" "));
    // 1 is also the answer to a ratio that is missed, and with so little load they are.
    assertTrue(code <= 1 && Files.exists(json), err.toString());
    JsonNode sections = new ObjectMapper().readTree(json.toFile()).get("sections");
    List<String> titles = new ArrayList<>();
    sections.forEach(section -> titles.add(section.get("title").asText()));
    assertEquals(
        List.of(
            "throughput",
            "latency, publish to PUBACK",
            "idle connections",
            "reconnect storm",
            "scale-out"),
        titles);
    JsonNode throughput = sections.get(0).get("rows");
    for (String subject :
        List.of("raw producer", "raw producer beside the generator's cost", "gateway")) {
      assertTrue(throughput.at("/" + subject + "/messages~1s").asDouble() > 0, subject);
      assertTrue(throughput.at("/" + subject + "/CPU us each").asDouble() > 0, subject);
    }
    assertTrue(sections.get(1).at("/rows/gateway/p99 ms").asDouble() > 0);
    assertEquals(0, sections.get(2).at("/rows/lost while idle/TLS").asDouble(1));
    assertEquals(0, sections.get(3).at("/rows/refused for good/storm").asDouble(1));
    assertEquals(1, sections.get(3).at("/ratios/0/ratio").asDouble());
    assertTrue(sections.get(4).at("/rows/two gateways/messages~1s").asDouble() > 0);
  }
}
