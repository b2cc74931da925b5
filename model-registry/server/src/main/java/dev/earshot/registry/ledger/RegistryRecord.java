package dev.earshot.registry.ledger;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.registry.release.PublishedRelease;

/** One thing that changes in a registry. */
public sealed interface RegistryRecord {
  /** A release as it is from now on. */
  record Release(PublishedRelease release) implements RegistryRecord {}

  /** An alias points somewhere, from now on. */
  record AliasSet(Alias alias) implements RegistryRecord {}

  /** There is no such alias any more. */
  record AliasRemoved(Alias.Key key) implements RegistryRecord {}

  /** A file of signed metadata. */
  record Metadata(Side side, MetadataFile file, ByteString bytes) implements RegistryRecord {}

  /** An old file that no client needs any more. */
  record MetadataDropped(Side side, MetadataFile file) implements RegistryRecord {}
}
