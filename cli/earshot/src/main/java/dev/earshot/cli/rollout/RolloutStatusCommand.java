package dev.earshot.cli.rollout;

import dev.earshot.cli.Connection;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
      "Exit codes with --wait: 0 succeeded, 3 rolled back, 4 cancelled, 5 paused."
    })
public final class RolloutStatusCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 500;

  @Parameters(index = "0", paramLabel = "ID", description = "The rollout.")
  private String id = "";

  @Option(names = "--wait", description = "Wait until it has ended or is paused.")
  private boolean waitForEnd;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    RolloutView view =
        RolloutCall.run(
            connection,
            client -> {
              RolloutView now = new RolloutView(client.get(id));
              while (waitForEnd && !now.isFinal() && !now.state().equals("paused")) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                now = new RolloutView(client.get(id));
              }
              return now;
            });
    System.out.println(id + "  " + view.line());
    view.stages().forEach(line -> System.out.println("  " + line));
    view.gates().forEach(line -> System.out.println("  " + line));
    return waitForEnd ? RolloutWatchCommand.exitCode(view) : 0;
  }
}
