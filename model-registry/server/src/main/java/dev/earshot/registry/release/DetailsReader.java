package dev.earshot.registry.release;

import dev.earshot.ndp.NdpModel;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and parses the files of a release once, and keeps the result: it never changes, and a
 * registry has few releases. Thread-safe; blocks at a release's first use.
 */
public final class DetailsReader {
  private static final Logger LOG = LoggerFactory.getLogger(DetailsReader.class);

  private final BlobStore blobs;
  private final Map<Digest, ReleaseDetails> read = new ConcurrentHashMap<>();

  public DetailsReader(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * The details; empty when a file is not at hand, which the log then tells. All were there when
   * the release was published, so an operator has lost it or has not mounted it here.
   */
  public Optional<ReleaseDetails> find(PublishedRelease release) {
    ReleaseDetails known = read.get(release.digest());
    if (known != null) {
      return Optional.of(known);
    }
    ReleaseManifest manifest = release.manifest();
    try {
      ReleaseDetails details =
          new ReleaseDetails(
              ReleaseCard.parse(content(manifest, ReleaseFile.CARD)),
              EvaluationReader.parse(content(manifest, ReleaseFile.EVALUATION)),
              NdpModel.parse(content(manifest, ReleaseFile.MODEL)).summary());
      read.put(release.digest(), details);
      return Optional.of(details);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("The files of {} can't be read: {}", release.ref(), e.getMessage());
      return Optional.empty();
    }
  }

  private byte[] content(ReleaseManifest manifest, ReleaseFile file) throws IOException {
    Digest digest = file.in(manifest).digest();
    Optional<StoredBlob> blob = blobs.find(digest);
    if (blob.isEmpty()) {
      throw new IOException(file.fileName() + ", blob " + digest + ", is not here");
    }
    return blobs.read(blob.get());
  }
}
