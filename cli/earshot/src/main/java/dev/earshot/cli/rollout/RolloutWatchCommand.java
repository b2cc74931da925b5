package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.cli.Connection;
import dev.earshot.rollout.client.RolloutClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows a rollout. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Follow a rollout: its decisions as they fall, and below them where it stands: stages,"
          + " devices,",
      "each gate with its estimate, interval and limit, the evidence gathered, what is missing,"
          + " and",
      "when the stage is expected to pass. Without a terminal: one line for each milestone.",
      "",
      "Ends with the rollout. Exit codes: 0 succeeded, 3 rolled back, 4 cancelled."
    })
public final class RolloutWatchCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "ID", description = "The rollout.")
  private String id = "";

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    return follow(connection, id);
  }

  static int follow(Connection connection, String id) {
    try (Screen screen = Screen.standard()) {
      return RolloutCall.run(connection, client -> follow(client, id, screen));
    }
  }

  /** Follows a rollout to its end; the exit code says which. */
  static int follow(RolloutClient client, String id, Screen screen)
      throws IOException, InterruptedException {
    client.follow(
        id,
        event -> {
          if (!event.kind().equals("progress")) {
            screen.print(List.of(line(event.data())));
            return true;
          }
          RolloutView view = new RolloutView(event.data());
          if (!view.isFinal()) {
            screen.status(
                view.milestone(), view.line(), new RolloutTree(view, screen.columns()).lines());
          }
          return !view.isFinal();
        });
    RolloutView end = new RolloutView(client.get(id));
    screen.status(end.milestone(), end.line(), new RolloutTree(end, screen.columns()).lines());
    screen.leave();
    List<String> harm = new ArrayList<>();
    end.harm().forEach(why -> harm.add("stopped by " + why));
    screen.print(harm);
    return RolloutStatusCommand.exitCode(end);
  }

  /** {@code 2027-01-01T10:00:00Z stage passed, by gate: it has soaked}. */
  static String line(JsonNode event) {
    String reason = event.path("reason").asText();
    return event.path("at").asText()
        + "  "
        + event.path("kind").asText().replace('_', ' ')
        + ", by "
        + event.path("actor").asText()
        + (reason.isEmpty() ? "" : ": " + reason);
  }
}
