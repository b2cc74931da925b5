package dev.earshot.simulator.registry;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.earshot.agent.FactoryImage;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.scenario.Regression;
import dev.earshot.simulator.world.Behaviour;
import dev.earshot.simulator.world.Impairment;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How each model behaves: the evaluations of releases, fetched once for the whole fleet. Only what
 * the publisher signed and the image side lists is believed. Safe for use by many threads.
 */
public final class Catalogue {
  private static final Logger log = LoggerFactory.getLogger(Catalogue.class);
  private static final ObjectReader EVALUATION =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build()
          .readerFor(Evaluation.class);

  private final ReleaseFiles files;
  private final ImageSide image;
  private final ConcurrentMap<ReleaseRef, CompletableFuture<Void>> learning =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<Detecting, Map<Environment, Behaviour>> models =
      new ConcurrentHashMap<>();

  private final ConcurrentMap<Planted, Behaviour> impaired = new ConcurrentHashMap<>();
  private final Regressions regressions;

  public Catalogue(ReleaseFiles files, TrustAnchors trust, InstantSource clock) {
    this(files, trust, clock, List.of());
  }

  /**
   * @param trust whose releases they are
   * @param clock by which signed files expire
   * @param planted faults of releases that their evaluations do not show
   */
  public Catalogue(
      ReleaseFiles files, TrustAnchors trust, InstantSource clock, List<Regression> planted) {
    this.files = files;
    this.image = new ImageSide(files, trust.image(), clock);
    this.regressions = new Regressions(planted);
  }

  /** A release somewhere: what was planted belongs to it, not to its model. */
  private record Planted(ReleaseRef release, Environment environment) {}

  /** What decides how a release behaves: releases may share a model and differ in the threshold. */
  private record Detecting(Digest model, int thresholdScore) {
    static Detecting of(ReleaseManifest manifest) {
      return new Detecting(manifest.model().digest(), manifest.detector().thresholdScore());
    }
  }

  /**
   * Learns how that release behaves, unless it is known already. Failures are forgotten, so that
   * the next call tries again.
   */
  public CompletionStage<Void> learn(ReleaseRef release) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> running = learning.putIfAbsent(release, mine);
    if (running != null) {
      return running;
    }
    fetchEvaluation(release)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                log.info("{}: its evaluation is known", release);
                mine.complete(null);
              } else {
                learning.remove(release, mine);
                log.warn("{}: nobody knows how it behaves: {}", release, cause(failure));
                mine.completeExceptionally(cause(failure));
              }
            });
    return mine;
  }

  /**
   * How a release behaves somewhere, with what was planted into it.
   *
   * @throws UnknownModelException when its evaluation was not learned, or says nothing of that
   *     environment
   */
  public Behaviour behaviour(ReleaseManifest manifest, Environment environment) {
    Map<Environment, Behaviour> known = models.get(Detecting.of(manifest));
    if (known == null) {
      throw new UnknownModelException(
          manifest.release()
              + ": the registry gave no evaluation for its model "
              + manifest.model().digest()
              + " at threshold "
              + manifest.detector().thresholdScore()
              + ", so its behaviour can't be simulated");
    }
    Behaviour behaviour = known.get(environment);
    if (behaviour == null) {
      throw new UnknownModelException(
          manifest.release()
              + ": its evaluation has no result for environment "
              + Labels.of(environment)
              + " (fix: evaluate it there, or simulate no devices there)");
    }
    Impairment worse = regressions.of(manifest.release(), environment);
    return worse.equals(Impairment.NONE)
        ? behaviour
        : impaired.computeIfAbsent(
            new Planted(manifest.release(), environment), key -> behaviour.impaired(worse));
  }

  /** The files that the factory writes to slot A. */
  public CompletionStage<FactoryImage> factoryImage(ReleaseRef release) {
    return image
        .manifest(release)
        .thenCompose(
            signed -> {
              ReleaseManifest manifest = signed.manifest();
              byte[] envelope = signed.bytes().toArray();
              CompletionStage<byte[]> selfTest = blob(release, manifest.selfTest());
              return blob(release, manifest.model())
                  .thenCombine(
                      selfTest, (model, vectors) -> new FactoryImage(envelope, vectors, model));
            });
  }

  private CompletionStage<Void> fetchEvaluation(ReleaseRef release) {
    return image
        .manifest(release)
        .thenCompose(
            signed ->
                blob(release, signed.manifest().evaluation())
                    .thenAccept(json -> remember(signed.manifest(), json)));
  }

  private void remember(ReleaseManifest manifest, byte[] json) {
    if (!Digest.of(json).equals(manifest.evaluation().digest())) {
      throw new IllegalArgumentException(
          manifest.release() + ": its evaluation does not have the digest that was signed");
    }
    Evaluation evaluation = parse(manifest.release(), json);
    Digest measured = Digest.parse(evaluation.modelDigest());
    if (!measured.equals(manifest.model().digest())) {
      throw new IllegalArgumentException(
          manifest.release()
              + ": its evaluation is of model "
              + measured
              + " (expected: "
              + manifest.model().digest()
              + ")");
    }
    models.put(
        Detecting.of(manifest), Behaviour.of(evaluation, manifest.detector().thresholdScore()));
  }

  private static Evaluation parse(ReleaseRef release, byte[] json) {
    try {
      return EVALUATION.readValue(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          release + ": its evaluation can't be read: " + e.getMessage(), e);
    }
  }

  private CompletionStage<byte[]> blob(ReleaseRef release, ReleaseManifest.Target target) {
    return files.get("/v2/" + release.name() + "/blobs/" + target.digest());
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
