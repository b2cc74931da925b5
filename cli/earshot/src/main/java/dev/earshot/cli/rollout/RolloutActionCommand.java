package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.cli.Connection;
import dev.earshot.rollout.client.RolloutClient.Action;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does to a rollout. The decision is made on its present revision, or refused. */
abstract sealed class RolloutActionCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "ID", description = "The rollout.")
  private String id = "";

  @Option(
      names = "--reason",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Why; kept in the audit trail.")
  private String reason = "";

  @Mixin private Connection connection = new Connection();

  private final Action action;

  RolloutActionCommand(Action action) {
    this.action = action;
  }

  /** Whether devices keep the release; only an abort can say so. */
  boolean keep() {
    return false;
  }

  @Override
  public Integer call() {
    RolloutView after =
        RolloutCall.run(
            connection,
            client -> {
              JsonNode now = client.get(id);
              return new RolloutView(
                  client.act(id, action, now.path("revision").asLong(), reason, keep()));
            });
    System.out.println(id + "  " + after.position());
    return 0;
  }

  /** No new offers; gates go on listening. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Make no new offers. Updates that began go on, gates go on listening.")
  static final class Pause extends RolloutActionCommand {
    Pause() {
      super(Action.PAUSE);
    }
  }

  /** Goes on after a pause. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Go on after a pause. The gates are asked first.")
  static final class Resume extends RolloutActionCommand {
    Resume() {
      super(Action.RESUME);
    }
  }

  /** To the next stage without waiting for the gate. */
  @Command(
      name = "promote",
      mixinStandardHelpOptions = true,
      description =
          "Go to the next stage without waiting for non-inferiority. Harm gates still stop it.")
  static final class Promote extends RolloutActionCommand {
    Promote() {
      super(Action.PROMOTE);
    }
  }

  /** Ends it. */
  @Command(
      name = "abort",
      mixinStandardHelpOptions = true,
      description =
          "End the rollout: devices go back to what they ran before, or keep the release.")
  static final class Abort extends RolloutActionCommand {
    @Option(names = "--keep", description = "Devices that have the release keep it.")
    private boolean keep;

    Abort() {
      super(Action.ABORT);
    }

    @Override
    boolean keep() {
      return keep;
    }
  }
}
