package dev.earshot.cli.model;

import com.google.protobuf.ByteString;
import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.cli.trust.PublisherOptions;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.registry.client.ArtifactClient;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseVerification;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Fetches a release's artifact, verifies all of it, and writes its files. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Fetch a release's OCI artifact with all that refers to it into an empty folder.",
      "",
      "Everything is held against the digest that names it, the files against the signed manifest,",
      "and that against the publisher's list, from your image-root.json on. What does not hold is not",
      "written."
    })
public final class ModelPullCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME:VERSION|NAME@ALIAS", description = "The release.")
  private String release = "";

  @Parameters(index = "1", paramLabel = "DIR", description = "A folder that is new, or empty.")
  private Path folder = Path.of("");

  @Mixin private PublisherOptions trust = new PublisherOptions();

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() throws IOException {
    requireEmpty();
    try (RegistryClient registry = new RegistryClient(connection.registry(), "")) {
      ReleaseRef ref = registry.resolve(release);
      ArtifactClient.Pulled pulled = registry.artifacts().pull(ref);
      SignedManifest signed = ArtifactClient.signed(ref, pulled);
      ReleaseVerification.require(
          signed,
          trust.anchors(connection).image(),
          file -> registry.metadata("image", file),
          PublisherOptions.clock(connection).instant());
      requireFiles(ref, signed.manifest(), pulled.files());
      Files.createDirectories(folder);
      for (Map.Entry<String, ByteString> file : new TreeMap<>(pulled.files()).entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue().toByteArray());
        System.out.printf("%-16s %,9d bytes%n", file.getKey(), file.getValue().size());
      }
      System.out.println(ref + "  " + pulled.digest() + "  verified");
    }
    return 0;
  }

  private void requireEmpty() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var content = Files.list(folder)) {
      if (content.findAny().isPresent()) {
        throw new UserError(folder + " is not empty. Fix: name a new folder.");
      }
    }
  }

  /** The artifact may hold only what the publisher signed. */
  private static void requireFiles(
      ReleaseRef ref, ReleaseManifest manifest, Map<String, ByteString> files) {
    if (!manifest.release().equals(ref)) {
      throw new UserError("the artifact of " + ref + " holds " + manifest.release());
    }
    for (ReleaseFile file : ReleaseFile.values()) {
      ByteString content = files.get(file.fileName());
      if (content == null
          || !ReleaseManifest.Target.of(content.toByteArray()).equals(file.in(manifest))) {
        throw new UserError(
            "the artifact of "
                + ref
                + ": "
                + file.fileName()
                + (content == null ? " is missing" : " is not what the publisher signed"));
      }
    }
  }
}
