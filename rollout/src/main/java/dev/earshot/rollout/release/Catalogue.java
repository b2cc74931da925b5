package dev.earshot.rollout.release;

import dev.earshot.protocol.v1.ModelRelease;
import org.jspecify.annotations.Nullable;

/** The releases that the registry has accepted, with their present status. */
@FunctionalInterface
public interface Catalogue {
  /** The release of that name, {@code name:version}; null when the registry has none. */
  @Nullable ModelRelease find(String release);
}
