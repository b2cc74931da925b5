package dev.earshot.cli.rollout;

import dev.earshot.cli.Connection;
import dev.earshot.protocol.document.Durations;
import dev.earshot.rollout.client.RolloutClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows where a rollout stands. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show a rollout's stages, devices and gates.",
      "",
      "For pipelines: --wait returns when the rollout has ended or only a person can move it on."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:succeeded; without --wait: shown",
      "1:refused, or the service can't be reached",
      "2:wrong usage",
      "3:rolled back",
      "4:cancelled",
      "5:paused",
      "6:not ended within --timeout",
      "7:a draft, or waits for approval"
    })
public final class RolloutStatusCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 500;
  private static final int TIMED_OUT = 6;

  @Parameters(index = "0", paramLabel = "ID", description = "The rollout.")
  private String id = "";

  @Option(names = "--wait", description = "Wait until it has ended or needs a person.")
  private boolean waitForEnd;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description =
          "With --wait: at most this long, such as 30m or 6h. Default: as long as it takes.")
  private @Nullable String timeout;

  @Option(names = "--json", description = "Print the service's document.")
  private boolean json;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    Duration patience = timeout == null ? null : Durations.parse(timeout);
    RolloutView view = RolloutCall.run(connection, client -> view(client, patience));
    if (json) {
      System.out.println(view.document().toPrettyString());
    } else {
      new RolloutTree(view, Integer.MAX_VALUE).lines().forEach(System.out::println);
    }
    if (!waitForEnd) {
      return 0;
    }
    return settled(view) ? exitCode(view) : TIMED_OUT;
  }

  private RolloutView view(RolloutClient client, @Nullable Duration patience)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    RolloutView now = new RolloutView(client.get(id));
    while (waitForEnd
        && !settled(now)
        && (patience == null || System.nanoTime() - begin < patience.toNanos())) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      now = new RolloutView(client.get(id));
    }
    return now;
  }

  private static boolean settled(RolloutView view) {
    return view.isFinal() || exitCode(view) != 0;
  }

  /** What scripts switch on. */
  static int exitCode(RolloutView view) {
    return switch (view.state()) {
      case "rolled_back" -> 3;
      case "cancelled" -> 4;
      case "paused" -> 5;
      case "draft" -> 7;
      default -> view.isForApproval() ? 7 : 0;
    };
  }
}
