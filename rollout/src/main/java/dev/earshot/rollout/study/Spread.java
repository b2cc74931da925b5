package dev.earshot.rollout.study;

/** How the rates of devices in one environment differ: a factor of mean one for each device. */
public sealed interface Spread {
  /** Draws the factor of one device. */
  double draw(Sampler sampler);

  /**
   * Gamma distributed.
   *
   * @param shape 1 spreads like waiting times; the smaller, the wider; above 0
   */
  record Gamma(double shape) implements Spread {
    @Override
    public double draw(Sampler sampler) {
      return sampler.gamma(shape) / shape;
    }
  }

  /**
   * Log-normally distributed.
   *
   * @param sigma standard deviation of the logarithm, at least 0
   */
  record Lognormal(double sigma) implements Spread {
    @Override
    public double draw(Sampler sampler) {
      return Math.exp(sigma * sampler.gaussian() - sigma * sigma / 2);
    }
  }

  /**
   * Most devices quiet, a few loud.
   *
   * @param loudShare share of loud devices, between 0 and 1
   * @param loud their factor; the others have what keeps the mean at one
   */
  record TwoPoint(double loudShare, double loud) implements Spread {
    public TwoPoint {
      if (!(loudShare > 0 && loudShare * loud < 1)) {
        throw new IllegalArgumentException(
            "loud: " + loud + " (expected: below 1/loudShare, so that the mean can be one)");
      }
    }

    @Override
    public double draw(Sampler sampler) {
      return sampler.uniform() < loudShare ? loud : (1 - loudShare * loud) / (1 - loudShare);
    }
  }
}
