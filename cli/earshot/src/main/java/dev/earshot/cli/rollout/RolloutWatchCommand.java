package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.cli.Connection;
import dev.earshot.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows a rollout until it has ended. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Follow a rollout: its decisions as they fall, and where it stands.",
      "",
      "Ends with the rollout. Exit codes: 0 succeeded, 3 rolled back, 4 cancelled."
    })
public final class RolloutWatchCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "ID", description = "The rollout.")
  private String id = "";

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    return follow(connection, id, Terminal.standard());
  }

  static int follow(Connection connection, String id, Terminal terminal) {
    RolloutView end =
        RolloutCall.run(
            connection,
            client -> {
              client.follow(
                  id,
                  event -> {
                    if (event.kind().equals("progress")) {
                      RolloutView view = new RolloutView(event.data());
                      terminal.status(view.milestone(), view.line());
                      return !view.isFinal();
                    }
                    terminal.line(line(event.kind(), event.data()));
                    return true;
                  });
              return new RolloutView(client.get(id));
            });
    terminal.clearStatus();
    terminal.line(end.line());
    end.harm().forEach(terminal::line);
    return exitCode(end);
  }

  /** What scripts switch on. */
  static int exitCode(RolloutView view) {
    return switch (view.state()) {
      case "rolled_back" -> 3;
      case "cancelled" -> 4;
      case "paused" -> 5;
      default -> 0;
    };
  }

  private static String line(String kind, JsonNode event) {
    String reason = event.path("reason").asText();
    return event.path("at").asText()
        + "  "
        + kind.replace('_', ' ')
        + " by "
        + event.path("actor").asText()
        + (reason.isEmpty() ? "" : ": " + reason);
  }
}
