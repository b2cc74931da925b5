package dev.earshot.cli.bench.mlperf;

/** Whether a target is reached. */
enum Verdict {
  REACHED("reached"),
  MISSED("MISSED"),
  /** The data is less than the benchmark's: a share of it proves nothing about the whole. */
  UNDECIDED("undecided");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  static Verdict of(boolean reached) {
    return reached ? REACHED : MISSED;
  }

  String words() {
    return words;
  }
}
