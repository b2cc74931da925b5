package dev.earshot.cli.bench.gateway;

import java.util.Locale;

/** What the same load is measured with. */
enum Subject {
  RAW("raw producer"),
  BURDENED("raw producer beside the generator's cost"),
  GATEWAY("gateway"),
  MOSQUITTO("mosquitto, which stores nothing");

  private final String title;

  Subject(String title) {
    this.title = title;
  }

  /** In a table. */
  String title() {
    return title;
  }

  /** As options name it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
