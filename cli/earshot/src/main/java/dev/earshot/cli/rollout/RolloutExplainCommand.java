package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.rollout.client.RolloutClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells why a rollout is where it is. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Tell every decision about a rollout from its audit trail, in plain words with its numbers,"
          + " and",
      "compute it again on this machine from the sums that it carries.",
      "",
      "An e-value says how much better harm explains the data than chance: at e = 250, one rollout",
      "of a harmless release in 250 would ever be stopped. Exit code 1 when a decision can't be",
      "computed again with the same result."
    })
public final class RolloutExplainCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "ID", description = "The rollout.")
  private String id = "";

  @Option(
      names = "--event",
      paramLabel = "N",
      description = "Only the entry with that number, as the list shows it.")
  private @Nullable String number;

  @Option(names = "--json", description = "Print the entries with what they carry.")
  private boolean json;

  @Mixin private Connection connection = new Connection();

  private record Told(JsonNode event, Explanation explanation) {}

  @Override
  public Integer call() {
    List<Told> trail = RolloutCall.run(connection, this::trail);
    if (json) {
      System.out.println(document(trail).toPrettyString());
    } else {
      trail.forEach(told -> told.explanation().lines().forEach(System.out::println));
    }
    return trail.stream().allMatch(told -> told.explanation().differences().isEmpty()) ? 0 : 1;
  }

  private List<Told> trail(RolloutClient client) throws IOException, InterruptedException {
    JsonNode plan = client.get(id).path("plan");
    List<Told> trail = new ArrayList<>();
    for (JsonNode event : client.events(id)) {
      if (number == null || number.equals(event.path("id").asText())) {
        trail.add(new Told(event, Explanation.of(event, plan)));
      }
    }
    if (trail.isEmpty()) {
      throw new UserError(
          number == null
              ? id + " has no audit trail any more"
              : id
                  + " has no entry "
                  + number
                  + "; `earshot rollout explain "
                  + id
                  + "` lists them");
    }
    return trail;
  }

  private static ArrayNode document(List<Told> trail) {
    ArrayNode document = new ObjectMapper().createArrayNode();
    for (Told told : trail) {
      ObjectNode node = told.event().deepCopy();
      if (told.explanation().isDecision()) {
        ObjectNode again = node.putObject("recomputed");
        again.put("same", told.explanation().differences().isEmpty());
        told.explanation()
            .differences()
            .forEach(difference -> again.withArray("/differences").add(difference));
      }
      document.add(node);
    }
    return document;
  }
}
