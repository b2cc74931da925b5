package dev.earshot.registry.ledger;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedDirector;
import dev.earshot.protocol.trust.TrustedImage;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The signed metadata that a registry holds, both sides. Immutable. Roots are taken only when they
 * continue the chain that begins with the pinned ones; everything else when it is what its name
 * says.
 */
public final class SignedFiles {
  private final PinnedRoots pinned;
  private final TrustedImage imageChain;
  private final TrustedDirector directorChain;
  private final Map<String, ByteString> image;
  private final Map<String, ByteString> director;
  private final String problem;

  /** Built when first asked for: reading a topic's past must not parse all of it each time. */
  private volatile @Nullable ImageRepository repository;

  private SignedFiles(
      PinnedRoots pinned,
      TrustedImage imageChain,
      TrustedDirector directorChain,
      Map<String, ByteString> image,
      Map<String, ByteString> director,
      String problem) {
    this.pinned = pinned;
    this.imageChain = imageChain;
    this.directorChain = directorChain;
    this.image = Collections.unmodifiableMap(image);
    this.director = Collections.unmodifiableMap(director);
    this.problem = problem;
  }

  /** Nothing but the pinned roots. */
  public static SignedFiles of(PinnedRoots pinned) {
    TrustedImage image = pinned.anchors().image();
    TrustedDirector director = pinned.anchors().director();
    return new SignedFiles(
        pinned,
        image,
        director,
        Map.of(rootName(image.root().version()), pinned.image()),
        Map.of(rootName(director.root().metadata().version()), pinned.director()),
        "");
  }

  private static String rootName(long version) {
    return new MetadataFile("root", version).name();
  }

  /** A file as clients ask for it. */
  public Optional<ByteString> file(Side side, String name) {
    return Optional.ofNullable(files(side).get(name));
  }

  /** All of them, by name. */
  public Map<String, ByteString> files(Side side) {
    return switch (side) {
      case IMAGE -> image;
      case DIRECTOR -> director;
    };
  }

  /** The newest root's version. */
  public long rootVersion(Side side) {
    return switch (side) {
      case IMAGE -> imageChain.root().version();
      case DIRECTOR -> directorChain.root().metadata().version();
    };
  }

  /** The director's side, as far as its roots go. */
  public TrustedDirector director() {
    return directorChain;
  }

  /** Why these can't be relied on: what is recorded contradicts what is pinned. Mostly empty. */
  public String problem() {
    return problem;
  }

  /** The image side, from its pinned root on. */
  public ImageRepository image() {
    ImageRepository known = repository;
    if (known == null) {
      Map<String, byte[]> files = new HashMap<>();
      long first = pinned.anchors().image().root().version();
      image.forEach(
          (name, bytes) -> {
            MetadataFile file = MetadataFile.parse(name);
            if (!file.isRoot() || file.version() >= first) {
              files.put(name, bytes.toByteArray());
            }
          });
      try {
        known = ImageRepository.read(files);
      } catch (TrustException e) {
        throw new IllegalStateException("every file was read before it was taken", e);
      }
      repository = known;
    }
    return known;
  }

  /**
   * With that file as well.
   *
   * @throws IllegalArgumentException when it is not what its name says, or a root that does not
   *     continue the chain
   */
  public SignedFiles with(Side side, MetadataFile file, ByteString bytes) {
    try {
      var _ = file.read(bytes.toByteArray());
      return file.isRoot() ? withRoot(side, file, bytes) : added(side, file, bytes);
    } catch (TrustException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private SignedFiles withRoot(Side side, MetadataFile file, ByteString bytes)
      throws TrustException {
    ByteString known = files(side).get(file.name());
    if (known != null) {
      return known.equals(bytes) ? this : contradicting(side, file);
    }
    if (file.version() < rootVersion(side)) {
      // Before the pinned one: for clients that begin earlier, who check it themselves.
      return added(side, file, bytes);
    }
    SignedFiles more = added(side, file, bytes);
    return switch (side) {
      case IMAGE ->
          new SignedFiles(
              pinned,
              imageChain.withRoot(bytes.toByteArray()),
              directorChain,
              more.image,
              director,
              problem);
      case DIRECTOR ->
          new SignedFiles(
              pinned,
              imageChain,
              directorChain.withRoot(bytes.toByteArray()),
              image,
              more.director,
              problem);
    };
  }

  private SignedFiles contradicting(Side side, MetadataFile file) {
    return new SignedFiles(
        pinned,
        imageChain,
        directorChain,
        image,
        director,
        "the %s side's %s in Kafka is not the one in the trust folder; one of the two is of another system"
            .formatted(side.word(), file));
  }

  private SignedFiles added(Side side, MetadataFile file, ByteString bytes) {
    Map<String, ByteString> changed = new TreeMap<>(files(side));
    changed.put(file.name(), bytes);
    return changed(side, changed);
  }

  /** Without that file. The roots of the chain stay in any case. */
  public SignedFiles without(Side side, MetadataFile file) {
    if (file.isRoot()) {
      throw new IllegalArgumentException(
          file + " of the " + side.word() + " side is gone (expected: roots stay for ever)");
    }
    Map<String, ByteString> changed = new TreeMap<>(files(side));
    changed.remove(file.name());
    return changed(side, changed);
  }

  private SignedFiles changed(Side side, Map<String, ByteString> files) {
    return switch (side) {
      case IMAGE -> new SignedFiles(pinned, imageChain, directorChain, files, director, problem);
      case DIRECTOR -> new SignedFiles(pinned, imageChain, directorChain, image, files, problem);
    };
  }
}
