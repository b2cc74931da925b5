package dev.earshot.registry.ledger;

import dev.earshot.registry.release.ReleaseCatalog;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that a registry knows, as far as it has read. Immutable: the next record gives the
 * next state, so readers on any thread see one consistent moment.
 */
public final class RegistryState {
  /** Nothing recorded, nothing trusted. */
  public static final RegistryState EMPTY =
      new RegistryState(ReleaseCatalog.EMPTY, Map.of(), Optional.empty());

  private final ReleaseCatalog catalog;
  private final Map<Alias.Key, Alias> aliases;
  private final Optional<SignedFiles> signed;

  private RegistryState(
      ReleaseCatalog catalog, Map<Alias.Key, Alias> aliases, Optional<SignedFiles> signed) {
    this.catalog = catalog;
    this.aliases = Collections.unmodifiableMap(aliases);
    this.signed = signed;
  }

  /** Nothing recorded, with trust beginning at these roots. */
  public static RegistryState of(PinnedRoots pinned) {
    return new RegistryState(ReleaseCatalog.EMPTY, Map.of(), Optional.of(SignedFiles.of(pinned)));
  }

  /** Every release. */
  public ReleaseCatalog catalog() {
    return catalog;
  }

  public Optional<Alias> alias(Alias.Key key) {
    return Optional.ofNullable(aliases.get(key));
  }

  /** Every alias, by release name. */
  public Collection<Alias> aliases() {
    return aliases.values();
  }

  /** The signed metadata; empty when this registry was given no roots to begin with. */
  public Optional<SignedFiles> signed() {
    return signed;
  }

  /**
   * The state after that record.
   *
   * @throws IllegalArgumentException when the record can't be believed
   */
  public RegistryState with(RegistryRecord record) {
    return switch (record) {
      case RegistryRecord.Release release ->
          new RegistryState(catalog.with(release.release()), aliases, signed);
      case RegistryRecord.AliasSet set -> {
        Map<Alias.Key, Alias> changed = new TreeMap<>(aliases);
        changed.put(set.alias().key(), set.alias());
        yield new RegistryState(catalog, changed, signed);
      }
      case RegistryRecord.AliasRemoved removed -> {
        Map<Alias.Key, Alias> changed = new TreeMap<>(aliases);
        changed.remove(removed.key());
        yield new RegistryState(catalog, changed, signed);
      }
      case RegistryRecord.Metadata file ->
          new RegistryState(
              catalog,
              aliases,
              signed.map(files -> files.with(file.side(), file.file(), file.bytes())));
      case RegistryRecord.MetadataDropped file ->
          new RegistryState(
              catalog, aliases, signed.map(files -> files.without(file.side(), file.file())));
    };
  }

  /** The state after all of them. */
  public RegistryState withAll(Iterable<RegistryRecord> records) {
    RegistryState next = this;
    for (RegistryRecord record : records) {
      next = next.with(record);
    }
    return next;
  }

  /** Without a release that somebody has removed from the topic by hand. */
  public RegistryState withCatalog(ReleaseCatalog changed) {
    return new RegistryState(changed, aliases, signed);
  }
}
