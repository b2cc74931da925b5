package dev.earshot.broker;

import org.apache.kafka.common.utils.Exit;

/**
 * What happens when Kafka decides that the process must end: it would do so without a word that a
 * person sees. While a broker starts, the decision becomes an exception; later it stays a decision,
 * with one line on the standard error. Kafka keeps this in static state, hence so does this class.
 */
final class FatalExit {
  private static final ThreadLocal<Boolean> STARTING = ThreadLocal.withInitial(() -> false);

  private FatalExit() {}

  static void install() {
    Exit.setExitProcedure(FatalExit::end);
    Exit.setHaltProcedure(FatalExit::end);
  }

  /** Runs a start; Kafka's wish to end the process is thrown to the caller of this method. */
  static void throwingDuring(Runnable start) {
    STARTING.set(true);
    try {
      start.run();
    } finally {
      STARTING.remove();
    }
  }

  @SuppressWarnings("SystemOut") // The log may be on the disk that has just failed.
  private static void end(int status, String message) {
    if (STARTING.get()) {
      throw new BrokerStartException(
          "Kafka did not start" + (message == null ? "" : ": " + message) + "; its log says why",
          null);
    }
    System.err.println(
        "earshot: the embedded Kafka broker can't go on and ends the process: its disk is full or"
            + " failed, or its data is damaged"
            + (message == null ? "" : " (" + message + ")"));
    Runtime.getRuntime().halt(status);
  }
}
