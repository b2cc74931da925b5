package dev.earshot.simulator;

import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.simulator.registry.ReleaseFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The files of test releases under the registry's paths. */
public final class TestRegistry implements ReleaseFiles {
  private final ConcurrentMap<String, byte[]> files = new ConcurrentHashMap<>();

  public TestRegistry(TestRelease... releases) {
    for (TestRelease release : releases) {
      publish(release);
    }
  }

  public void publish(TestRelease release) {
    ReleaseManifest manifest = release.signed().manifest();
    ReleaseRef ref = manifest.release();
    files.put("/v1/releases/" + ref.name() + "/" + ref.version() + "/manifest", release.envelope());
    String blobs = "/v2/" + ref.name() + "/blobs/";
    files.put(blobs + manifest.model().digest(), release.model());
    files.put(blobs + manifest.selfTest().digest(), release.selfTest());
    files.put(blobs + manifest.evaluation().digest(), release.evaluation());
  }

  public Optional<byte[]> file(String path) {
    return Optional.ofNullable(files.get(path));
  }

  @Override
  public CompletionStage<byte[]> get(String path) {
    return file(path)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> CompletableFuture.failedFuture(new IOException("GET " + path + ": 404")));
  }
}
