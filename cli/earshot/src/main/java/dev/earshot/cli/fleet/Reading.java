package dev.earshot.cli.fleet;

import java.util.OptionalDouble;

/**
 * A rate or a share as far as counts can tell.
 *
 * @param estimate empty where nobody verified what was counted: then the truth lies between two
 *     bounds, and nothing says where
 * @param low lower end of the 95 % interval
 * @param high upper end; positive infinity where nothing was observed
 */
record Reading(OptionalDouble estimate, double low, double high) {

  static Reading estimated(double estimate, double low, double high) {
    return new Reading(OptionalDouble.of(estimate), low, high);
  }

  static Reading bounded(double low, double high) {
    return new Reading(OptionalDouble.empty(), low, high);
  }
}
