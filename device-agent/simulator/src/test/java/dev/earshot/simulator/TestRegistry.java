package dev.earshot.simulator;

import dev.earshot.simulator.registry.MemoryReleases;
import dev.earshot.simulator.registry.ReleaseFiles;
import dev.earshot.simulator.registry.SignedReleases;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Test releases and their trust chain, under the registry's paths. */
public final class TestRegistry implements ReleaseFiles {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final MemoryReleases files = new MemoryReleases();
  private final SignedReleases signed = new SignedReleases(files, TestRelease.TRUST, () -> START);

  public TestRegistry(TestRelease... releases) {
    for (TestRelease release : releases) {
      publish(release);
    }
  }

  public void publish(TestRelease release) {
    files.publish(release.signed(), release.model(), release.selfTest(), release.evaluation());
  }

  public Optional<byte[]> file(String path) {
    return signed.file(path);
  }

  /** The same files, as virtual time wants them. */
  public MemoryReleases files() {
    return files;
  }

  @Override
  public CompletionStage<byte[]> get(String path) {
    return signed.get(path);
  }
}
