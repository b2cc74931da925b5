package dev.earshot.registry.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what was measured of a release. Thread-safe; blocks. */
public final class EvaluationReader {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationReader.class);

  /** A later trainer may measure more than this registry knows. */
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final BlobStore blobs;

  public EvaluationReader(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Reads {@code evaluation.json}.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static Evaluation parse(byte[] json) {
    try {
      return JSON.readValue(json, Evaluation.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * The evaluation; empty when its blob is not at hand, which the log then tells. It was there when
   * the release was published, so an operator has lost it or has not mounted it here.
   */
  public Optional<Evaluation> find(PublishedRelease release) {
    ReleaseManifest.Target target = release.manifest().evaluation();
    try {
      Optional<StoredBlob> blob = blobs.find(target.digest());
      if (blob.isPresent()) {
        return Optional.of(parse(blobs.read(blob.get())));
      }
      LOG.warn("The evaluation of {}, blob {}, is not here", release.ref(), target.digest());
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("The evaluation of {} can't be read: {}", release.ref(), e.getMessage());
    }
    return Optional.empty();
  }
}
