package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.cli.Connection;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates a rollout, or takes a draft, and starts it. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Start a staged rollout of a release, or a draft by its ID.",
      "",
      "Without a plan: 1, 5, 25 and 100 percent with ever stricter margins, 5 percent held back, and",
      "gates that roll back by themselves. `earshot rollout plan` says before what would happen."
    })
public final class RolloutStartCommand implements Callable<Integer> {
  @Mixin private PlanSource source = new PlanSource();

  @Option(names = "--draft", description = "Only create it; start it later.")
  private boolean draft;

  @Option(names = "--watch", description = "Follow it until it has ended.")
  private boolean watch;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "The same key creates the same rollout once.")
  private @Nullable String key;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() throws IOException {
    if (source.isRollout()) {
      return RolloutActionCommand.start(connection, source.id(), watch);
    }
    ObjectNode document = source.read(connection);
    document.put("start", !draft);
    RolloutView view =
        RolloutCall.run(
            connection, client -> new RolloutView(client.create(document.toString(), key)));
    System.out.println(view.id() + "  " + view.position());
    return watch ? RolloutWatchCommand.follow(connection, view.id()) : 0;
  }
}
