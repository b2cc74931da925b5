package dev.earshot.rollout.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MannWhitneyTest {
  private static final double CRITICAL = Competitors.quantile(0.01);

  @Test
  void z_agreesWithCountingPairs() {
    SortedSample t = SortedSample.of(9.5, 1, 3, 3, 7);
    SortedSample c = SortedSample.of(0, 1, 2, 3, 3, 8);
    // Pairs in which t is larger, ties half: 1.5 + 4 + 4 + 5 + 6 = 20.5 of 30; half a pair off for
    // continuity. Ties: two ones, four threes; variance 30/12 (12 - (6 + 60)/(11 x 10)).
    double expected = (20.5 - 15 - 0.5) / Math.sqrt(30.0 / 12 * (12 - 66.0 / 110));

    assertEquals(expected, MannWhitney.z(t, c, 0), 1e-12);
    assertEquals(
        MannWhitney.z(SortedSample.of(7.5, -1, 1, 1, 5), c, 0), MannWhitney.z(t, c, 2), 1e-12);
  }

  @Test
  void allTied_isNoEvidence() {
    assertEquals(0, MannWhitney.z(SortedSample.of(2, 2), SortedSample.of(2, 2, 2), 0));
  }

  @Test
  void sample_staysSortedWhileItGrowsAndRises() {
    SortedSample sample = new SortedSample(0);
    for (double value : new double[] {3, 1, 2, 2, 5}) {
      sample.add(value);
    }
    sample.raise(2, 4);
    sample.raise(5, 6);
    sample.raise(1, 1.5);

    double[] values = new double[sample.size()];
    Arrays.setAll(values, sample::get);
    assertEquals("[1.5, 2.0, 3.0, 4.0, 6.0]", Arrays.toString(values));
  }

  /**
   * Limit and estimate computed as they are defined, from all differences of pairs.
   *
   * @param beside how many ranks from the middle: within one of it the test finds no difference
   */
  private static boolean highByDefinition(double[] t, double[] c, int beside) {
    double[] differences = new double[t.length * c.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = t[i / c.length] - c[i % c.length];
    }
    Arrays.sort(differences);
    double estimate = differences[differences.length / 2 + beside];
    return estimate > 1e-12
        && MannWhitney.z(SortedSample.of(t), SortedSample.of(c), estimate / 4) > CRITICAL;
  }

  @Test
  void kayentaJudge_decidesByItsDefinitionAtEveryLook() {
    Sampler sampler = new Sampler(3);
    int high = 0;
    int looks = 0;
    for (int series = 0; series < 40; series++) {
      boolean ties = series % 2 == 0;
      double[] t = new double[120];
      double[] c = new double[120];
      SortedSample growingT = new SortedSample(0);
      SortedSample growingC = new SortedSample(0);
      KayentaJudge judge = new KayentaJudge(CRITICAL);
      for (int i = 0; i < t.length; i++) {
        t[i] = ties ? sampler.poisson(7) / 1000.0 : sampler.gamma(2) * 1.4;
        c[i] = ties ? sampler.poisson(6) / 1000.0 : sampler.gamma(2);
        growingT.add(t[i]);
        growingC.add(c[i]);
        if (i >= 20 && i % 5 == 0) {
          double[] nowT = Arrays.copyOf(t, i + 1);
          double[] nowC = Arrays.copyOf(c, i + 1);
          boolean expected = highByDefinition(nowT, nowC, -1);
          boolean seen = judge.high(growingT, growingC);
          if (expected == highByDefinition(nowT, nowC, 1)) {
            assertEquals(expected, seen, "series " + series + ", " + i);
            high += expected ? 1 : 0;
            looks++;
          }
        }
      }
    }
    assertTrue(looks > 700, "looks " + looks);
    assertTrue(high > looks / 10 && high < looks * 9 / 10, high + " of " + looks);
  }

  @Test
  void mostPairsTied_areNeverHigh() {
    double[] t = new double[400];
    double[] c = new double[400];
    Arrays.fill(t, 340, 400, 1);
    Arrays.fill(c, 390, 400, 1);

    assertTrue(MannWhitney.z(SortedSample.of(t), SortedSample.of(c), 0) > CRITICAL);
    assertFalse(new KayentaJudge(CRITICAL).high(SortedSample.of(t), SortedSample.of(c)));
  }
}
