package dev.earshot.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Connection;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.release.ReleaseView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one release with what it was measured to do. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Show a release: status, lineage, model, detector, costs, signatures and evaluation, with exact",
      "95 %% intervals."
    })
public final class ModelShowCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(index = "0", paramLabel = "NAME:VERSION|NAME@ALIAS", description = "The release.")
  private String release = "";

  @Option(names = "--json", description = "Print all of it as JSON, every point of the DET too.")
  private boolean json;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() throws JsonProcessingException {
    try (RegistryClient registry = new RegistryClient(connection.registry(), "")) {
      ReleaseView shown = registry.get(registry.resolve(release));
      if (json) {
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(shown));
      } else {
        new ReleasePage(System.out).print(shown);
      }
    }
    return 0;
  }
}
