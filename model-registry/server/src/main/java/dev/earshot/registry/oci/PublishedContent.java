package dev.earshot.registry.oci;

import dev.earshot.protocol.Digest;
import java.util.Optional;

/**
 * What published releases are made of. It can be pulled from the repository of the release's name,
 * however it came into the store, and can't be deleted there: devices may be about to fetch it.
 */
@FunctionalInterface
public interface PublishedContent {
  /** The release of that name that has that blob among its files; empty when there is none. */
  Optional<String> holder(RepositoryName name, Digest digest);
}
