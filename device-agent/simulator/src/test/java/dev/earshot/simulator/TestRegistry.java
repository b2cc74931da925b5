package dev.earshot.simulator;

import dev.earshot.simulator.registry.MemoryReleases;
import dev.earshot.simulator.registry.ReleaseFiles;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Test releases under the registry's paths. */
public final class TestRegistry implements ReleaseFiles {
  private final MemoryReleases files = new MemoryReleases();

  public TestRegistry(TestRelease... releases) {
    for (TestRelease release : releases) {
      publish(release);
    }
  }

  public void publish(TestRelease release) {
    files.publish(release.signed(), release.model(), release.selfTest(), release.evaluation());
  }

  public Optional<byte[]> file(String path) {
    return files.file(path);
  }

  /** The same files, as virtual time wants them. */
  public MemoryReleases files() {
    return files;
  }

  @Override
  public CompletionStage<byte[]> get(String path) {
    return files.get(path);
  }
}
