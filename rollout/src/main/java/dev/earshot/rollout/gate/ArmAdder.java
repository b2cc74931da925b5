package dev.earshot.rollout.gate;

/**
 * Adds up {@link ArmSums} device by device, so that a million of them need not be at hand at once.
 * The result is the same in any order. Not thread-safe.
 */
public final class ArmAdder {
  private final boolean treated;
  private final StratumRates rates;
  private final CountsSettings settings;
  private final ExactSum exposure = new ExactSum();
  private final ExactSum wM = new ExactSum();
  private final ExactSum wn = new ExactSum();
  private final ExactSum w2n2 = new ExactSum();
  private final ExactSum w2nM = new ExactSum();
  private final ExactSum w2M2 = new ExactSum();
  private final ExactSum count = new ExactSum();
  private final ExactSum historyCount = new ExactSum();
  private long number;

  /** For the devices of one stratum and one arm. */
  public ArmAdder(boolean treated, StratumRates rates, CountsSettings settings) {
    this.treated = treated;
    this.rates = rates;
    this.settings = settings;
  }

  /** Adds a device. */
  public void add(DeviceCounts device) {
    double n = device.count();
    double history = device.historyCount();
    double kappa = settings.shape() + history;
    double m = kappa / (settings.shape() + device.expectedHistory(rates, settings.theta0()));
    double scaled = m * device.exposureHours() * (treated ? settings.theta0() : 1);
    double w = 1 / (1 + rates.blockRate() * scaled / kappa);
    number++;
    count.add(n);
    historyCount.add(history);
    exposure.add(device.exposureHours());
    wM.add(w * scaled);
    wn.add(w * n);
    w2n2.add(w * n * (w * n));
    w2nM.add(w * n * (w * scaled));
    w2M2.add(w * scaled * (w * scaled));
  }

  /** The sums so far. */
  public ArmSums sums() {
    return new ArmSums(
        number,
        exposure.value(),
        count.value(),
        historyCount.value(),
        wM.value(),
        wn.value(),
        w2n2.value(),
        w2nM.value(),
        w2M2.value());
  }
}
