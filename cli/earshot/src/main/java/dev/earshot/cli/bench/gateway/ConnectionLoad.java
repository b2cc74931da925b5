package dev.earshot.cli.bench.gateway;

/**
 * Connections that are kept busy.
 *
 * @param inFlight messages on each that are not acknowledged yet, at any time
 */
record ConnectionLoad(int connections, int inFlight) {
  /** In flight over all. */
  int window() {
    return connections * inFlight;
  }

  @Override
  public String toString() {
    return "%,d x %d".formatted(connections, inFlight);
  }
}
