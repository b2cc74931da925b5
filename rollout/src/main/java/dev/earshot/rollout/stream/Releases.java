package dev.earshot.rollout.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.rollout.release.Catalogue;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogue in the global store. What was found is kept until {@link #forget}: a walk asks for
 * the same few releases at every device. For use by one thread.
 */
final class Releases implements Catalogue {
  private static final Logger LOG = LoggerFactory.getLogger(Releases.class);

  private final ReadOnlyKeyValueStore<String, byte[]> store;
  private final Map<String, ModelRelease> known = new HashMap<>();

  Releases(ReadOnlyKeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** A release's status may have changed since. */
  void forget() {
    known.clear();
  }

  @Override
  public @Nullable ModelRelease find(String release) {
    ModelRelease found = known.get(release);
    if (found != null || release.isEmpty()) {
      return found;
    }
    byte[] bytes = store.get(release);
    if (bytes == null) {
      return null;
    }
    try {
      found = ModelRelease.parseFrom(bytes);
      known.put(release, found);
      return found;
    } catch (InvalidProtocolBufferException e) {
      LOG.error("release {}: its record is damaged; nobody is moved from or to it", release, e);
      return null;
    }
  }
}
