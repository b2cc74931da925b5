package dev.earshot.simulator.flash;

import dev.earshot.protocol.Digest;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Keeps one copy of each different file in a fleet's flash. Safe for use by many threads. */
public final class ImagePool {
  private final ConcurrentMap<Digest, Image> images = new ConcurrentHashMap<>();
  private final ConcurrentMap<Identity, Image> byArray = new ConcurrentHashMap<>();

  /** The image of that digest, when the fleet has it. */
  Optional<Image> find(Digest digest) {
    return Optional.ofNullable(images.get(digest));
  }

  /** The shared image of that content; the array may become it, so it must not be modified. */
  Image share(byte[] content) {
    Image known = byArray.get(new Identity(content));
    if (known != null) {
      return known; // a factory writes the same array to thousands of devices
    }
    Image image = images.computeIfAbsent(Digest.of(content), key -> new Image(key, content));
    byArray.put(new Identity(image.bytes()), image);
    return image;
  }

  /** An array as itself, not by its content. */
  private static final class Identity {
    private final byte[] array;

    Identity(byte[] array) {
      this.array = array;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // that is what it is for
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity identity && identity.array == array;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(array);
    }
  }
}
