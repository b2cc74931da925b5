package dev.earshot.cli.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.earshot.cli.Connection;
import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.release.ReleaseRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a rollout and, unless told otherwise, starts it. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Start a staged rollout of a release.",
      "",
      "Without a plan: 1, 5, 25 and 100 percent with ever stricter margins, 5 percent held back, gates",
      "on false accepts and failed updates that roll back by themselves."
    })
public final class RolloutStartCommand implements Callable<Integer> {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Parameters(index = "0", paramLabel = "NAME:VERSION", description = "The release.")
  private String release = "";

  @Option(
      names = "--cohort",
      paramLabel = "CEL",
      description = {
        "Which devices, such as 'device.chip == \"ndp120\" && device.region == \"eu\"'. Known:",
        "device.id, fleet, chip, region, firmware, hardware, release. Default: the plan's, or all."
      })
  private @Nullable String cohort;

  @Option(names = "--plan", paramLabel = "FILE", description = "A plan in YAML or JSON.")
  private @Nullable Path plan;

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
    ObjectNode document = document();
    document.put("release", ReleaseRef.parse(release).toString());
    if (cohort != null) {
      document.put("cohort", cohort);
    } else if (!document.has("cohort")) {
      document.put("cohort", "true");
    }
    document.put("start", !draft);
    JsonNode created =
        RolloutCall.run(connection, client -> client.create(document.toString(), key));
    RolloutView view = new RolloutView(created);
    System.out.println(view.id() + "  " + view.position());
    return watch ? RolloutWatchCommand.follow(connection, view.id(), Terminal.standard()) : 0;
  }

  private ObjectNode document() throws IOException {
    if (plan == null) {
      return YAML.createObjectNode();
    }
    try {
      JsonNode tree = YAML.readTree(Files.readString(plan));
      if (tree instanceof ObjectNode document) {
        return document;
      }
      throw new UserError(plan + ": not a plan (expected: fields such as stages and cohort)");
    } catch (JsonProcessingException e) {
      throw new UserError(
          plan + ", line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
    }
  }
}
