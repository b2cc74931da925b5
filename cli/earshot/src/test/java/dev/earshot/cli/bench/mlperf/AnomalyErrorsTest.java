package dev.earshot.cli.bench.mlperf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.bench.mlperf.AnomalyErrors.FileError;
import dev.earshot.cli.bench.mlperf.Quality.Curve;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** The area under the curve, on errors that can be counted by hand. */
class AnomalyErrorsTest {
  private static FileError file(String machine, boolean anomaly, double error) {
    return new FileError(machine, anomaly, error);
  }

  @Test
  void area_isTheShareOfPairsInOrderAndHalfOfEqualOnes() {
    // Pairs (anomaly, normal): 3>1 3>2 2>1 2=2: 3.5 of 4.
    List<FileError> files =
        List.of(file("1", true, 3), file("1", true, 2), file("1", false, 1), file("1", false, 2));
    assertEquals(3.5 / 4, AnomalyErrors.area(files));
  }

  @Test
  void machines_haveAreasOfTheirOwn() {
    // Each machine is told apart well; together a loud normal one hides a quiet anomaly.
    List<FileError> files =
        List.of(file("1", true, 2), file("1", false, 1), file("2", true, 20), file("2", false, 10));
    Curve curve = (Curve) new AnomalyErrors(files).curve(Task.ANOMALY_DETECTION).orElseThrow();
    assertEquals(0.75, curve.overFiles());
    assertEquals(1.0, curve.meanOverMachines());
    assertEquals(Verdict.UNDECIDED, curve.verdict());
  }

  @Test
  void onlyNormalFiles_giveNoArea() {
    List<FileError> files =
        DoubleStream.of(1, 2, 3).mapToObj(error -> file("1", false, error)).toList();
    assertTrue(new AnomalyErrors(files).curve(Task.ANOMALY_DETECTION).isEmpty());
  }

  @Test
  void smallestBenchmarkSet_decides() {
    assertEquals(Verdict.REACHED, new Curve(0.86, Double.NaN, 72, 0.85, 72).verdict());
    assertEquals(Verdict.MISSED, new Curve(0.84, Double.NaN, 248, 0.85, 72).verdict());
  }
}
