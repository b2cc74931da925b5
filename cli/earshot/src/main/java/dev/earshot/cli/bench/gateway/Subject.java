package dev.earshot.cli.bench.gateway;

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
}
