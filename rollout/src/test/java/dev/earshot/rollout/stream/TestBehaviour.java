package dev.earshot.rollout.stream;

/**
 * How devices behave on a release.
 *
 * @param falseAcceptsPerHour for a device of average noisiness
 * @param power of the listening chip, against usual
 * @param drain of the battery, percent an hour
 * @param rebootsPerHour chance of an unexpected reboot
 * @param vanishing share of the devices that are never heard again
 */
record TestBehaviour(
    double falseAcceptsPerHour,
    double power,
    double drain,
    double rebootsPerHour,
    double vanishing) {
  static final TestBehaviour USUAL = new TestBehaviour(1, 1, 0.2, 0.001, 0);

  TestBehaviour falseAccepts(double perHour) {
    return new TestBehaviour(perHour, power, drain, rebootsPerHour, vanishing);
  }

  TestBehaviour power(double factor) {
    return new TestBehaviour(falseAcceptsPerHour, factor, drain, rebootsPerHour, vanishing);
  }

  TestBehaviour drain(double percentPerHour) {
    return new TestBehaviour(falseAcceptsPerHour, power, percentPerHour, rebootsPerHour, vanishing);
  }

  TestBehaviour reboots(double perHour) {
    return new TestBehaviour(falseAcceptsPerHour, power, drain, perHour, vanishing);
  }

  TestBehaviour vanishing(double share) {
    return new TestBehaviour(falseAcceptsPerHour, power, drain, rebootsPerHour, share);
  }
}
