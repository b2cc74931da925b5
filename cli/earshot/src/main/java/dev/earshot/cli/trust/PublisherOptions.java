package dev.earshot.cli.trust;

import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A publisher's keys, and where its trust begins: by default those of {@code earshot up}. */
public final class PublisherOptions {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = {
        "The publisher's key; once for each when several must sign (default: the one of `earshot up`,",
        "in its data folder)."
      })
  private List<Path> keyFiles = List.of();

  @Option(
      names = "--trust",
      paramLabel = "DIR",
      description =
          "Folder with image-root.json, where your trust begins (default: trust/ in the data folder).")
  private @Nullable Path trust;

  @Mixin private PassphraseOptions passphrases = new PassphraseOptions();

  /** Reads the keys; asks for passphrases where they are needed. */
  public List<SigningKey> keys(Connection connection) {
    if (!keyFiles.isEmpty()) {
      return keyFiles.stream().map(passphrases::read).toList();
    }
    Path usual = LocalTrustFolder.in(connection.data()).key("publisher");
    if (!Files.exists(usual)) {
      throw new UserError(
          "there is no publisher's key at " + usual + ". Fix: name it with --key FILE.");
    }
    return List.of(passphrases.read(usual));
  }

  /** The list of releases that those keys sign. */
  public ReleaseListing listing(
      RegistryClient registry, Connection connection, List<SigningKey> keys) {
    return new ReleaseListing(registry, anchors(connection).image(), keys, clock(connection));
  }

  /** Where trust begins. */
  public TrustAnchors anchors(Connection connection) {
    Path folder = trust != null ? trust : LocalTrustFolder.in(connection.data()).path();
    try {
      return TrustAnchors.read(folder);
    } catch (IOException e) {
      throw new UserError(e.getMessage() + ". Fix: name the folder with --trust DIR.", e);
    }
  }

  /** That of the fleet, when an {@code earshot up} says what it is. */
  public static InstantSource clock(Connection connection) {
    return Files.isReadable(connection.data().resolve(Connection.ENDPOINTS_FILE))
        ? FleetClock.parse(Connection.Endpoints.read(connection.data()).clock())
        : InstantSource.system();
  }

  /** When what a publisher signs is to be signed again, unless it is said otherwise. */
  public static Instant fiveYearsFromNow() {
    return OffsetDateTime.now(ZoneOffset.UTC).plusYears(5).withNano(0).toInstant();
  }
}
