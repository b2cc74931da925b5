package dev.earshot.simulator.registry;

import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Releases under the registry's paths, in memory. Safe for use by many threads. */
public final class MemoryReleases implements ReleaseFiles {
  private final ConcurrentMap<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<SignedManifest> manifests = new CopyOnWriteArrayList<>();

  /** Adds a release; the files must be those that the manifest names. */
  public void publish(SignedManifest signed, byte[] model, byte[] selfTest, byte[] evaluation) {
    ReleaseManifest manifest = signed.manifest();
    ReleaseRef ref = manifest.release();
    files.put(
        "/v1/releases/" + ref.name() + "/" + ref.version() + "/manifest", signed.bytes().toArray());
    String blobs = "/v2/" + ref.name() + "/blobs/";
    put(blobs, "model", manifest.model(), model);
    put(blobs, "self-test", manifest.selfTest(), selfTest);
    put(blobs, "evaluation", manifest.evaluation(), evaluation);
    manifests.add(signed);
  }

  /** What was published, in its order. */
  List<SignedManifest> manifests() {
    return List.copyOf(manifests);
  }

  /** The file at that path; it belongs to nobody and is never modified. */
  public Optional<byte[]> file(String path) {
    return Optional.ofNullable(files.get(path));
  }

  @Override
  public CompletionStage<byte[]> get(String path) {
    return file(path)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> CompletableFuture.failedFuture(new IOException("GET " + path + ": 404")));
  }

  private void put(String blobs, String what, ReleaseManifest.Target target, byte[] content) {
    if (!target.equals(ReleaseManifest.Target.of(content))) {
      throw new IllegalArgumentException(
          what
              + ": "
              + ReleaseManifest.Target.of(content)
              + " (expected: "
              + target
              + ", as the manifest says)");
    }
    files.put(blobs + target.digest(), content);
  }
}
