package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.cli.Connection;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The dry run. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Say what a rollout would do, without doing anything: who gets the release, when, how many",
      "bytes that takes, and which increase of false accepts each stage could find.",
      "",
      "Exit code 1 with a line for each mistake (file:line: field: message) when the plan is wrong."
    })
public final class RolloutPlanCommand implements Callable<Integer> {
  @Mixin private PlanSource source = new PlanSource();

  @Option(names = "--list", description = "List a sample of the devices, too.")
  private boolean list;

  @Option(names = "--json", description = "Print the service's document.")
  private boolean json;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() throws IOException {
    ObjectNode document = source.read(connection);
    document.remove("start");
    JsonNode preview = RolloutCall.run(connection, client -> client.preview(document.toString()));
    if (json) {
      System.out.println(preview.toPrettyString());
    } else {
      new PreviewView(preview).lines(list).forEach(System.out::println);
    }
    return 0;
  }
}
