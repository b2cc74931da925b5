package dev.earshot.agent.trust;

import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedDirector;
import dev.earshot.protocol.trust.TrustedImage;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The way from what a device believes to what may be said of one release, one file at a time and in
 * Uptane's order: the director's newer roots, the image side's newer roots, timestamp, snapshot,
 * targets, the role that speaks for the release. Says which file it needs next and how long that
 * may be; whoever walks fetches it. Each file is checked when it comes, and what must not be
 * forgotten is in flash before the next is asked for: a power cut costs nothing but the way.
 */
public final class TrustWalk {
  private final TrustMemory memory;
  private final String path;
  private final String orderKeys;
  private final Instant now;
  private Beliefs beliefs;
  private Stage stage = Stage.DIRECTOR_ROOTS;
  private int roots;

  private enum Stage {
    DIRECTOR_ROOTS,
    IMAGE_ROOTS,
    TIMESTAMP,
    SNAPSHOT,
    TARGETS,
    ROLE,
    DONE
  }

  /**
   * A file.
   *
   * @param path under the registry's base address
   * @param most bytes; more are not to be taken
   * @param optional that there is none is an answer, too
   */
  public record Need(String path, int most, boolean optional) {}

  private TrustWalk(TrustMemory memory, String path, String orderKeys, Instant now) {
    this.memory = memory;
    this.path = path;
    this.orderKeys = orderKeys;
    this.now = now;
    this.beliefs = memory.recall();
  }

  /**
   * To what the image side says of a release.
   *
   * @param path of its manifest
   * @param orderKeys of the order to install it: {@link OrderCheck#keys}
   * @param now when it is, for all of the way
   */
  public static TrustWalk to(TrustMemory memory, String path, String orderKeys, Instant now) {
    return new TrustWalk(memory, path, orderKeys, now);
  }

  /** Only to the director's newest root. */
  public static TrustWalk toDirector(TrustMemory memory) {
    return new TrustWalk(memory, "", "", Instant.EPOCH);
  }

  /** The next file; empty at the end of the way. */
  public Optional<Need> next() throws TrustException {
    TrustedImage image = beliefs.image();
    return switch (stage) {
      case DIRECTOR_ROOTS -> root("director/", directorRootFile());
      case IMAGE_ROOTS -> root("image/", image.nextRootFile());
      case TIMESTAMP -> needed(TrustedImage.TIMESTAMP, TrustedImage.LONGEST);
      case SNAPSHOT -> needed(image.snapshotFile(), image.snapshotLength());
      case TARGETS -> needed(image.targetsFile(), image.targetsLength());
      case ROLE -> {
        String role = image.role(path);
        yield needed(image.roleFile(role), image.roleLength(role));
      }
      case DONE -> Optional.empty();
    };
  }

  private static Optional<Need> root(String side, String file) {
    return Optional.of(new Need("/v1/trust/" + side + file, TrustedImage.LONGEST, true));
  }

  private static Optional<Need> needed(String file, int most) {
    return Optional.of(new Need("/v1/trust/image/" + file, most, false));
  }

  private String directorRootFile() {
    return new TrustedDirector(beliefs.director(), 0).nextRootFile();
  }

  /**
   * Here is the file that was needed.
   *
   * @throws TrustException when it must not be believed; the way ends here
   * @throws IOException when the flash can't remember it
   */
  public void take(byte[] bytes) throws TrustException, IOException {
    TrustedImage image = beliefs.image();
    switch (stage) {
      case DIRECTOR_ROOTS -> {
        Envelope<Root> next = new TrustedDirector(beliefs.director(), 0).withRoot(bytes).root();
        believe(beliefs.with(next));
        oneMoreRoot();
      }
      case IMAGE_ROOTS -> {
        believe(beliefs.with(image.withRoot(bytes)));
        oneMoreRoot();
      }
      case TIMESTAMP -> {
        believe(beliefs.with(image.withTimestamp(bytes, now)));
        stage = Stage.SNAPSHOT;
      }
      case SNAPSHOT -> {
        believe(beliefs.with(image.withSnapshot(bytes, now)));
        stage = Stage.TARGETS;
      }
      case TARGETS -> {
        beliefs = beliefs.with(image.withTargets(bytes, now));
        stage = beliefs.image().lists(path) ? Stage.DONE : Stage.ROLE;
      }
      case ROLE -> {
        beliefs = beliefs.with(image.withRole(image.role(path), bytes, now));
        stage = Stage.DONE;
      }
      case DONE -> throw new IllegalStateException("nothing more is needed");
    }
  }

  /** The optional file that was needed does not exist: there is no newer root. */
  public void absent() throws TrustException {
    roots = 0;
    if (stage == Stage.DIRECTOR_ROOTS) {
      if (path.isEmpty()) {
        stage = Stage.DONE;
        return;
      }
      requireOrderStands();
      stage = Stage.IMAGE_ROOTS;
    } else if (stage == Stage.IMAGE_ROOTS) {
      beliefs = beliefs.with(beliefs.image().requireRoot(now));
      stage = Stage.TIMESTAMP;
    } else {
      throw new IllegalStateException("that file is not optional");
    }
  }

  /** A chain that never ends is followed no further this time; the next walk goes on from here. */
  private void oneMoreRoot() throws TrustException {
    if (++roots >= TrustedImage.MOST_ROOTS) {
      absent();
    }
  }

  private void requireOrderStands() throws TrustException {
    if (!OrderCheck.keys(beliefs.director()).equals(orderKeys)) {
      throw new TrustException(
          TrustException.Reason.SIGNATURES,
          "director "
              + beliefs.director().metadata().version()
              + ".root.json: the keys have changed since this was ordered (expected: a new order)");
    }
  }

  private void believe(Beliefs next) throws IOException {
    memory.remember(next);
    beliefs = next;
  }

  /** At the end: what the image side says. */
  public Listed listed() throws TrustException {
    if (stage != Stage.DONE) {
      throw new IllegalStateException("the way has not ended");
    }
    return new Listed(beliefs.image().target(path), beliefs.image().publisher(path));
  }
}
