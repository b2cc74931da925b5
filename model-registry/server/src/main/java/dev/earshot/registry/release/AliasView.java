package dev.earshot.registry.release;

import dev.earshot.registry.ledger.Alias;

/**
 * An alias as the HTTP interface shows it (JSON, these names).
 *
 * @param name of the releases
 * @param alias such as {@code production}
 * @param version that it stands for
 * @param release {@code name:version}
 * @param changedAt ISO 8601, by the fleet's clock
 * @param changedBy who said so
 */
public record AliasView(
    String name, String alias, String version, String release, String changedAt, String changedBy) {

  public static AliasView of(Alias alias) {
    return new AliasView(
        alias.key().name(),
        alias.key().alias(),
        alias.version(),
        alias.release().toString(),
        alias.changedAt().toString(),
        alias.changedBy());
  }
}
