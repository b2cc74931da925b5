package dev.earshot.rollout.gate;

/**
 * Devices of one stratum and one entry batch that have not had their first event. A batch holds
 * devices of both arms that were offered (really or for show) together.
 *
 * @param treated at least 0
 * @param control at least 0
 */
public record RiskSet(long treated, long control) {
  /** Nobody. */
  public static final RiskSet EMPTY = new RiskSet(0, 0);

  public RiskSet {
    Checks.atLeastZero("treated", treated);
    Checks.atLeastZero("control", control);
  }

  /** With one more device. */
  public RiskSet enter(boolean isTreated) {
    return isTreated ? new RiskSet(treated + 1, control) : new RiskSet(treated, control + 1);
  }

  /** Without one device, which had its event or is watched no longer. */
  public RiskSet leave(boolean isTreated) {
    return isTreated ? new RiskSet(treated - 1, control) : new RiskSet(treated, control - 1);
  }

  /** The treated share, p: the chance under the null that the next event is a treated device's. */
  double treatedShare() {
    return (double) treated / (treated + control);
  }
}
