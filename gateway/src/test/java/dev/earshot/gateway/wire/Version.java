package dev.earshot.gateway.wire;

/** The protocol versions that the gateway speaks, by their protocol level. */
enum Version {
  V3_1_1(4),
  V5(5);

  private final int level;

  Version(int level) {
    this.level = level;
  }

  int level() {
    return level;
  }
}
