package dev.earshot.cli.bench.gateway;

import java.util.Locale;

/** What can be measured. */
enum Part {
  THROUGHPUT,
  LATENCY,
  IDLE,
  STORM,
  SCALE_OUT;

  /** As options name it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
