package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.cli.Connection;
import dev.earshot.rollout.client.RolloutClient.Action;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
    act(connection, id, action, reason, keep());
    return 0;
  }

  /** Starts a draft. */
  static int start(Connection connection, String id, boolean watch) {
    act(connection, id, Action.START, "", false);
    return watch ? RolloutWatchCommand.follow(connection, id) : 0;
  }

  private static void act(
      Connection connection, String id, Action action, String reason, boolean keep) {
    RolloutView after =
        RolloutCall.run(
            connection,
            client -> {
              JsonNode now = client.get(id);
              return new RolloutView(
                  client.act(id, action, now.path("revision").asLong(), reason, keep));
            });
    System.out.println(id + "  " + after.position());
    after.waits().forEach(System.out::println);
  }

  /** Consents. */
  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Consent to what a rollout waits for: its start, or its next stage.",
        "",
        "Needs the role approver; who created the rollout can't approve it."
      })
  static final class Approve extends RolloutActionCommand {
    Approve() {
      super(Action.APPROVE);
    }
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
    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Devices devices = new Devices();

    Abort() {
      super(Action.ABORT);
    }

    @Override
    boolean keep() {
      return devices.keep;
    }

    /** What becomes of the devices that have the release. */
    static final class Devices {
      @Option(names = "--keep", description = "Devices that have the release keep it.")
      private boolean keep;

      @Option(
          names = "--revert",
          description = "They go back to what they ran before (the default).")
      @SuppressWarnings("UnusedVariable") // To be said, and to exclude the other.
      private boolean revert;
    }
  }
}
