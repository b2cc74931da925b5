package dev.earshot.cli.bench.gateway;

import java.util.Locale;

/**
 * How a fleet of connections is.
 *
 * @param devices that want a connection
 * @param up that have one
 * @param refused that were told to stay away, and do
 * @param busy answers that the gateway has no time now
 * @param failed tries that ended otherwise: no connection, no answer, closed before one
 * @param lost connections that ended by themselves
 * @param seconds from the begin until the last one came up
 */
record FleetCount(
    int devices, int up, int refused, int busy, int failed, int lost, double seconds) {
  boolean settled() {
    return up + refused == devices;
  }

  /** As a process answers it. */
  String words() {
    return String.format(
        Locale.ROOT, "%d %d %d %d %d %d %.3f", devices, up, refused, busy, failed, lost, seconds);
  }

  /** What {@link #words} said. */
  static FleetCount parse(String[] words) {
    return new FleetCount(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]),
        Integer.parseInt(words[5]),
        Double.parseDouble(words[6]));
  }
}
