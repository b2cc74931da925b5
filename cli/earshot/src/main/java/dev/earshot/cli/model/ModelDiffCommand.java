package dev.earshot.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Connection;
import dev.earshot.cli.Terminal;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.compare.ReleaseComparison;
import dev.earshot.registry.compare.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds two releases side by side. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Compare two releases: sizes, quantization, layers, costs, detector and evaluation; which",
      "environments get better or worse, and whether that is more than chance.",
      "",
      "Each is NAME:VERSION or NAME@ALIAS at the registry, or the folder of a release on this machine.",
      "What comes from the registry is held against the digests of the signed manifest."
    })
public final class ModelDiffCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(index = "0", paramLabel = "A", description = "The release to compare with.")
  private String a = "";

  @Parameters(index = "1", paramLabel = "B", description = "The release that is looked at.")
  private String b = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() throws JsonProcessingException {
    ReleaseComparison compared = ReleaseComparison.of(side(a), side(b));
    if (json) {
      System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(compared));
    } else {
      new ComparisonPage(Terminal.standard()).print(compared);
    }
    return 0;
  }

  private Side side(String what) {
    Path folder = Path.of(what);
    if (Files.isDirectory(folder)) {
      ReleaseFolder local = ReleaseFolder.read(folder);
      // A comparison does not look at when it expires.
      return new Side(what, local.manifest(Instant.EPOCH), local.details());
    }
    try (RegistryClient registry = new RegistryClient(connection.registry(), "")) {
      ReleaseRef ref = registry.resolve(what);
      ReleaseManifest manifest = registry.manifest(ref).manifest();
      return new Side(what, manifest, registry.details(manifest));
    }
  }
}
