package dev.earshot.simulator.registry;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedImage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What the image side of the trust chain says of releases, checked from the pinned root anew each
 * time. Safe for use by many threads.
 */
final class ImageSide {
  private static final String BASE = "/v1/trust/image/";

  private final ReleaseFiles files;
  private final TrustedImage pinned;
  private final InstantSource clock;

  ImageSide(ReleaseFiles files, TrustedImage pinned, InstantSource clock) {
    this.files = files;
    this.pinned = pinned;
    this.clock = clock;
  }

  /** A step that believes a file, or does not. */
  @FunctionalInterface
  private interface Step<T> {
    T take(byte[] bytes) throws TrustException;
  }

  /** Something that must hold first. */
  @FunctionalInterface
  private interface Checked<T> {
    T get() throws TrustException;
  }

  /** The manifest of that release, when the image side lists it and its publisher signed it. */
  CompletionStage<SignedManifest> manifest(ReleaseRef release) {
    Instant now = clock.instant();
    String path = release.manifestPath();
    return newestRoot(pinned, 0)
        .thenCompose(image -> file(TrustedImage.TIMESTAMP, b -> image.withTimestamp(b, now)))
        .thenCompose(image -> file(image.snapshotFile(), b -> image.withSnapshot(b, now)))
        .thenCompose(
            image -> file(checked(image::targetsFile), b -> image.withTargets(b, now)))
        .thenCompose(image -> role(image, path, now))
        .thenCompose(image -> listed(image, release));
  }

  /** Follows the chain as far as the registry has it. */
  private CompletionStage<TrustedImage> newestRoot(TrustedImage image, int followed) {
    if (followed >= TrustedImage.MOST_ROOTS) {
      return CompletableFuture.completedFuture(image);
    }
    return files
        .get(BASE + image.nextRootFile())
        .handle(
            (bytes, failure) ->
                failure != null
                    ? CompletableFuture.completedStage(image)
                    : newestRoot(checked(() -> image.withRoot(bytes)), followed + 1))
        .thenCompose(Function.identity());
  }

  private CompletionStage<TrustedImage> role(TrustedImage image, String path, Instant now) {
    if (image.lists(path)) {
      return CompletableFuture.completedStage(image);
    }
    String role = checked(() -> image.role(path));
    return file(checked(() -> image.roleFile(role)), b -> image.withRole(role, b, now));
  }

  private CompletionStage<SignedManifest> listed(TrustedImage image, ReleaseRef release) {
    Targets.Target target = checked(() -> image.target(release.manifestPath()));
    RoleKeys publisher = checked(() -> image.publisher(release.manifestPath()));
    return files
        .get("/v1/releases/" + release.name() + "/" + release.version() + "/manifest")
        .thenApply(
            envelope -> {
              if (!Digest.of(envelope).equals(target.digest())) {
                throw new IllegalArgumentException(
                    release
                        + ": its manifest is "
                        + Digest.of(envelope)
                        + " (expected: "
                        + target.digest()
                        + ", as its publisher lists it)");
              }
              SignedManifest signed = SignedManifest.parse(envelope);
              signed.requireSignedBy(publisher.keys().values(), publisher.threshold());
              return signed;
            });
  }

  private <T> CompletionStage<T> file(String name, Step<T> step) {
    return files.get(BASE + name).thenApply(bytes -> checked(() -> step.take(bytes)));
  }

  private static <T> T checked(Checked<T> checked) {
    try {
      return checked.get();
    } catch (TrustException e) {
      throw new CompletionException(
          new IllegalArgumentException(String.valueOf(e.getMessage()), e));
    }
  }
}
