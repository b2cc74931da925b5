package dev.earshot.simulator.registry;

import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.LocalTrust;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A registry in memory: releases, and the signed files of both sides of the trust chain that list
 * them. Snapshot and timestamp are signed anew when the clock says that it is time. The same
 * releases in the same order, the same keys and the same clock give the same bytes. Safe for use by
 * many threads.
 */
public final class SignedReleases implements ReleaseFiles {
  private static final String IMAGE = "/v1/trust/image/";
  private static final String DIRECTOR_ROOT = "/v1/trust/director/1.root.json";

  private final MemoryReleases releases;
  private final LocalTrust trust;
  private final InstantSource clock;
  private ImageRepository repository;
  private int listed;

  public SignedReleases(MemoryReleases releases, LocalTrust trust, InstantSource clock) {
    this.releases = releases;
    this.trust = trust;
    this.clock = clock;
    this.repository = trust.repository(clock.instant());
  }

  /** The file at that path; it belongs to nobody and is never modified. */
  public Optional<byte[]> file(String path) {
    if (path.startsWith(IMAGE)) {
      return current().file(path.substring(IMAGE.length()));
    }
    return path.equals(DIRECTOR_ROOT)
        ? Optional.of(trust.firstDirectorRoot().bytes())
        : releases.file(path);
  }

  @Override
  public CompletionStage<byte[]> get(String path) {
    return file(path)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> CompletableFuture.failedFuture(new IOException("GET " + path + ": 404")));
  }

  private synchronized ImageRepository current() {
    List<SignedManifest> all = releases.manifests();
    for (; listed < all.size(); listed++) {
      SignedManifest signed = all.get(listed);
      repository =
          trust.list(
              repository,
              signed.manifest().release().manifestPath(),
              signed.target(),
              clock.instant());
    }
    repository =
        repository.published(trust.online(), clock.instant(), ImageRepository.Validity.DEFAULT);
    return repository;
  }
}
