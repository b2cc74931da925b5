package dev.earshot.simulator.measure;

import java.util.Locale;

/** What is timed. */
public enum Operation {
  /** From the start of a connection until the gateway granted the command subscription. */
  CONNECT,
  /** From a publication (heartbeat or status) until its acknowledgement. */
  ACKNOWLEDGE,
  /** From the request for a file until its last byte. */
  DOWNLOAD;

  /** As metrics and people name it: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
