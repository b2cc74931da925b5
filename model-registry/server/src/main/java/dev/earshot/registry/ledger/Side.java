package dev.earshot.registry.ledger;

import java.util.Locale;

/** The two repositories of Uptane. */
public enum Side {
  /** What there is, by its publishers. */
  IMAGE,
  /** What each device is to run; here only its roots. */
  DIRECTOR;

  /** As paths and keys have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Side of(String word) {
    return switch (word) {
      case "image" -> IMAGE;
      case "director" -> DIRECTOR;
      default ->
          throw new IllegalArgumentException("side: '" + word + "' (expected: image or director)");
    };
  }
}
