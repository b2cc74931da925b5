package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.DeviceId;
import dev.earshot.rollout.client.RolloutClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a device, or a cohort, back to a release, outside of a rollout. */
@Command(
    name = "revert",
    mixinStandardHelpOptions = true,
    description = {
      "Send a device, or a cohort, back to a release, by hand.",
      "",
      "It comes before every rollout that has the device, and the audit trail names you. What comes",
      "of it is followed like a rollout: `earshot rollout watch ID`."
    })
public final class DeviceRevertCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private Whom whom = new Whom();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "NAME:VERSION",
      description = "The release to go back to.")
  private String to = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "For the audit trail, and for the device.")
  private String reason = "";

  @Mixin private Connection connection = new Connection();

  /** One of the two. */
  static final class Whom {
    @Parameters(paramLabel = "FLEET/NAME", description = "The device.")
    private @Nullable String device;

    @Option(
        names = "--cohort",
        paramLabel = "CEL",
        description = "All devices for which this holds, as in a plan.")
    private @Nullable String cohort;
  }

  @Override
  public Integer call() {
    RolloutView view = RolloutCall.run(connection, client -> new RolloutView(ordered(client)));
    System.out.println(view.id() + "  " + view.position());
    return 0;
  }

  private ObjectNode ordered(RolloutClient client) throws IOException, InterruptedException {
    if (whom.cohort != null) {
      return client.revertCohort(whom.cohort, to, reason);
    }
    try {
      return client.revertDevice(
          DeviceId.parse(String.valueOf(whom.device)).toString(), to, reason);
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    }
  }
}
