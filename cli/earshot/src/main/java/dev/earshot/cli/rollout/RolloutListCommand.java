package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists rollouts. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List rollouts, the newest first.")
public final class RolloutListCommand implements Callable<Integer> {
  private static final String FORMAT = "%-13s %-18s %-18s %5s %6s %6s %6s  %s%n";
  private static final int DEFAULT_LIMIT = 50;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = {
        "Only those that are draft, awaiting_approval, scheduled, running, paused, rolling_back,",
        "rolled_back, succeeded or cancelled."
      })
  private @Nullable String state;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "" + DEFAULT_LIMIT,
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit = DEFAULT_LIMIT;

  @Option(names = "--json", description = "Print the service's documents, all of them.")
  private boolean json;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    List<JsonNode> rollouts = RolloutCall.run(connection, client -> client.list(state));
    if (json) {
      System.out.println(new ObjectMapper().valueToTree(rollouts).toPrettyString());
      return 0;
    }
    if (rollouts.isEmpty()) {
      System.out.println(
          state == null
              ? "No rollouts yet. Start one with `earshot rollout start NAME:VERSION`."
              : "No rollout is " + state.replace('_', ' ') + ".");
      return 0;
    }
    System.out.printf(
        FORMAT, "ID", "RELEASE", "STATE", "STAGE", "OK", "FAILED", "SILENT", "COHORT");
    rollouts.stream().limit(limit).forEach(RolloutListCommand::print);
    if (rollouts.size() > limit) {
      System.out.println((rollouts.size() - limit) + " more; see them with a larger --limit");
    }
    return 0;
  }

  private static void print(JsonNode rollout) {
    JsonNode devices = rollout.path("devices");
    System.out.printf(
        FORMAT,
        rollout.path("id").asText(),
        rollout.path("release").asText(),
        rollout.path("state").asText().replace('_', ' '),
        rollout.path("stage").asText(),
        devices.path("ok").asText(),
        devices.path("failed").asText(),
        devices.path("silent").asText(),
        rollout.path("cohort").asText());
  }
}
