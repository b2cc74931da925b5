package dev.earshot.rollout.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The counts gate written a second time, device by device and straight from its formulas, without
 * sums that could be shipped; with the floor optional so that a test can show what it is for.
 */
final class NaiveCounts {
  record Score(double u, double a, double v) {
    double s() {
      return u * a / v;
    }

    double j() {
      return a * a / v;
    }

    Score floored() {
      return new Score(u, a, Math.max(v, a));
    }
  }

  final Map<String, Score> strata = new TreeMap<>();
  Score pooledWithoutFloor = new Score(0, 0, 0);

  /** First-block devices only. */
  NaiveCounts(List<Device> devices, double theta0, double k) {
    for (String stratum : new TreeSet<>(devices.stream().map(Device::stratum).toList())) {
      List<Device> here = devices.stream().filter(d -> d.stratum().equals(stratum)).toList();
      Score score = score(here, theta0, k);
      strata.put(stratum, score);
      pooledWithoutFloor =
          new Score(
              pooledWithoutFloor.u + score.u,
              pooledWithoutFloor.a + score.a,
              pooledWithoutFloor.v + score.v);
    }
  }

  private static Score score(List<Device> devices, double theta0, double k) {
    double lambda0 =
        devices.stream().mapToDouble(d -> d.counts().priorCount()).sum()
            / devices.stream().mapToDouble(d -> d.counts().priorExposureHours()).sum();
    double c0 =
        devices.stream().mapToDouble(d -> d.counts().count()).sum()
            / devices.stream().mapToDouble(d -> d.counts().exposureHours()).sum();
    List<double[]> rows = new ArrayList<>(); // treated, n, M, w
    double[] sumA = new double[2];
    double[] sumB = new double[2];
    int[] n = new int[2];
    for (Device device : devices) {
      DeviceCounts d = device.counts();
      double m = (k + d.priorCount()) / (k + lambda0 * d.priorExposureHours());
      double kappa = k + d.priorCount();
      double big = m * d.exposureHours() * (device.treated() ? theta0 : 1);
      double w = 1 / (1 + c0 * big / kappa);
      int arm = device.treated() ? 1 : 0;
      rows.add(new double[] {arm, d.count(), big, w});
      sumA[arm] += w * big;
      sumB[arm] += w * d.count();
      n[arm]++;
    }
    double c = (sumB[0] + sumB[1]) / (sumA[0] + sumA[1]);
    double u = sumB[1] - c * sumA[1];
    double a = c * sumA[1] * sumA[0] / (sumA[1] + sumA[0]);
    double v = 0;
    for (double[] row : rows) {
      int arm = (int) row[0];
      double f = sumA[1 - arm] / (sumA[0] + sumA[1]);
      double residual = row[3] * (row[1] - c * row[2]);
      v += f * f * n[arm] / (n[arm] - 1) * residual * residual;
    }
    return new Score(u, a, v);
  }
}
