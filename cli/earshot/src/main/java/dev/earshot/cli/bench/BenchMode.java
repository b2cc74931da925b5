package dev.earshot.cli.bench;

/** What a measured process runs. */
enum BenchMode {
  /** The rollout's topology. */
  ROLLOUT("earshot-rollout"),
  /** A topology that puts heartbeats into a store and does nothing else. */
  STORE("bench-store"),
  /** A plain consumer and a plain producer, which copy heartbeats. */
  COPY("bench-copy");

  private final String group;

  BenchMode(String group) {
    this.group = group;
  }

  /** Its consumer group. */
  String group() {
    return group;
  }
}
