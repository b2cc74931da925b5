package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.cli.Connection;
import dev.earshot.rollout.client.RolloutClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists rollouts. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List rollouts, the newest first.")
public final class RolloutListCommand implements Callable<Integer> {
  private static final String FORMAT = "%-13s %-18s %-13s %5s %6s %6s %6s  %s%n";

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    System.out.printf(
        FORMAT, "ID", "RELEASE", "STATE", "STAGE", "OK", "FAILED", "SILENT", "COHORT");
    for (JsonNode rollout : RolloutCall.run(connection, RolloutClient::list)) {
      JsonNode devices = rollout.path("devices");
      System.out.printf(
          FORMAT,
          rollout.path("id").asText(),
          rollout.path("release").asText(),
          rollout.path("state").asText(),
          rollout.path("stage").asText(),
          devices.path("ok").asText(),
          devices.path("failed").asText(),
          devices.path("silent").asText(),
          rollout.path("cohort").asText());
    }
    return 0;
  }
}
