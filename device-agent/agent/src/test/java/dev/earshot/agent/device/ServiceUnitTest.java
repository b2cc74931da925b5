package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ServiceUnitTest {
  private static final Path CHECKER = Path.of("/usr/bin/systemd-analyze");

  @Test
  void unit_isUnderstoodBySystemd() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(CHECKER), CHECKER + " is not there");
    Process checking =
        new ProcessBuilder(CHECKER.toString(), "verify", "src/main/systemd/earshot-agent.service")
            .redirectErrorStream(true)
            .start();
    String said = new String(checking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(checking.waitFor(30, TimeUnit.SECONDS), "it ends");
    // What systemd says of units of the machine itself is not ours.
    assertEquals(List.of(), said.lines().filter(line -> line.contains("earshot")).toList());
  }
}
