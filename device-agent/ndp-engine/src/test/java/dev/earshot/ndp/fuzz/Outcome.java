package dev.earshot.ndp.fuzz;

/** What became of a file. */
sealed interface Outcome {
  /** It was run. */
  record Run() implements Outcome {}

  /** It was prepared to run; running it would take long. */
  record Prepared() implements Outcome {}

  /**
   * It was refused.
   *
   * @param message for whoever pushed it
   */
  record Refused(String message) implements Outcome {
    /** The message without what differs from file to file. */
    String kind() {
      return message.replaceAll("'[^']*'", "''").replaceAll("[-+]?[0-9][0-9.,E+-]*", "0");
    }
  }
}
