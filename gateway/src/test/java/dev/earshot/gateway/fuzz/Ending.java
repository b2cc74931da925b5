package dev.earshot.gateway.fuzz;

/** How a client leaves. */
enum Ending {
  /** Says that no more comes, reads on until the gateway closes. */
  HALF_CLOSE,
  /** Reads until nothing has come for a moment, then closes. */
  READ_THEN_CLOSE,
  /** Closes with what was not read yet. */
  CLOSE,
  /** Resets the connection. */
  RESET
}
