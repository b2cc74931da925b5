package dev.earshot.simulator.world;

/**
 * Events that come at random, at a rate that may change at any moment: a Poisson process run on its
 * own hazard (the integral of the rate over time). Asked in one step or in many, the same events
 * happen; so nothing depends on where reporting intervals begin and end.
 */
final class PointProcess {
  private final RandomStream random;
  private double hazardToNext;

  PointProcess(RandomStream random) {
    this.random = random;
    this.hazardToNext = random.nextExponential();
  }

  /** How many events happen while the hazard grows by that much. */
  int advance(double hazard) {
    double left = hazard;
    int events = 0;
    while (left >= hazardToNext) {
      left -= hazardToNext;
      hazardToNext = random.nextExponential();
      events++;
    }
    hazardToNext -= left;
    return events;
  }
}
