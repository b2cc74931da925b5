package dev.earshot.agent.device;

/**
 * How the program ends; a service manager decides by these whether to start it again. Ended by
 * SIGTERM or SIGINT it ends in order too, and the JVM makes that 143 or 130.
 */
final class ExitCode {
  /** The audio is over, and reported or kept. */
  static final int ENDED = 0;

  /** It could not run, for any reason that has no number of its own. */
  static final int FAILED = 1;

  /** Wrong flags, or a configuration file with an error: it needs a person. */
  static final int USAGE = 2;

  /** The device has no model to start with, or no roots of trust: it needs a person. */
  static final int NOT_PROVISIONED = 3;

  /** Its state can't be read or written: full, read-only, damaged. */
  static final int STATE_UNUSABLE = 4;

  /** Another agent has its state. */
  static final int STATE_IN_USE = 5;

  /** A certificate, key or password file can't be used: it needs a person. */
  static final int CREDENTIALS = 6;

  private ExitCode() {}
}
