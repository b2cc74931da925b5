package dev.earshot.cli.up;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.client.ReleaseListing;
import dev.earshot.registry.release.ReleaseView;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * The trained releases that the demonstration tells its story with; they are part of this program.
 */
public final class BundledReleases {
  private static final List<String> NAMES =
      List.of("hey-nova-1.0.0", "hey-nova-1.1.0", "hey-nova-1.2.0");

  private BundledReleases() {}

  /** All of them, by ascending counter. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * Signs a bundled release, publishes it and lists it.
   *
   * @param now devices may install it for ten years from then on, fleet time
   */
  public static ReleaseView publish(
      RegistryClient registry, ReleaseRef release, LocalTrust trust, Instant now) {
    ReleaseFolder folder = read(release.name() + "-" + release.version());
    Instant expires =
        OffsetDateTime.ofInstant(now, ZoneOffset.UTC).plusYears(10).withNano(0).toInstant();
    ReleaseView published = registry.push(folder, folder.sign(trust.publisher(), expires));
    list(registry, release, trust, now);
    return published;
  }

  /** Lists a release that is published; the second half, should the first have been interrupted. */
  public static void list(
      RegistryClient registry, ReleaseRef release, LocalTrust trust, Instant now) {
    var _ =
        new ReleaseListing(registry, trust.anchors().image(), List.of(trust.publisher()), () -> now)
            .list(registry.manifest(release), trust.expires());
  }

  /** Reads {@code releases/<name>}, such as {@code hey-nova-1.1.0}. */
  public static ReleaseFolder read(String name) {
    String card = "/releases/" + name + "/card.yaml";
    URL resource = BundledReleases.class.getResource(card);
    if (resource == null) {
      throw new UserError("this program was built without the release " + name);
    }
    try {
      URI uri = resource.toURI();
      if (!uri.getScheme().equals("jar")) {
        return ReleaseFolder.read(Path.of(uri).resolveSibling(""));
      }
      URI jar = URI.create(uri.toString().substring(0, uri.toString().indexOf("!/")));
      try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
        return ReleaseFolder.read(files.getPath("releases", name));
      }
    } catch (IOException | URISyntaxException e) {
      throw new UserError("can't read the bundled release " + name + ": " + e.getMessage(), e);
    }
  }
}
