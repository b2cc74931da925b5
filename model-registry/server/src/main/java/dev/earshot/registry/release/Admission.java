package dev.earshot.registry.release;

/** What became of a release that somebody wanted to publish. */
public sealed interface Admission {
  /** It is new and was recorded. */
  record Added(PublishedRelease release) implements Admission {}

  /** The very same release was published before; nothing changed. */
  record AlreadyThere(PublishedRelease release) implements Admission {}

  /** It was not accepted; nothing changed. */
  record Refused(Refusal refusal) implements Admission {}
}
