package dev.earshot.simulator.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
  private final SplittableRandom random = new SplittableRandom(7);

  private long nanos() {
    return TimeUnit.MICROSECONDS.toNanos(1 + random.nextInt(2_000_000));
  }

  @Test
  void twoProcesses_addUpToWhatOneWouldHaveMeasured() {
    Meter one = new Meter();
    Meter other = new Meter();
    Meter whole = new Meter();
    for (int i = 0; i < 10_000; i++) {
      long took = nanos();
      (i % 3 == 0 ? one : other).took(Operation.ACKNOWLEDGE, took);
      whole.took(Operation.ACKNOWLEDGE, took);
    }
    one.failed("unreachable");
    other.failed("unreachable");
    other.failed("refused");

    Measurements sum = one.measurements().plus(other.measurements());
    assertEquals(whole.measurements().time(Operation.ACKNOWLEDGE), sum.time(Operation.ACKNOWLEDGE));
    assertEquals(Map.of("unreachable", 2L, "refused", 1L), sum.errors());
  }

  @Test
  void sinceAnEarlierMoment_onlyWhatCameAfter() {
    Meter meter = new Meter();
    meter.took(Operation.CONNECT, TimeUnit.MILLISECONDS.toNanos(100));
    meter.failed("broken");
    Measurements before = meter.measurements();
    meter.took(Operation.CONNECT, TimeUnit.MILLISECONDS.toNanos(900));

    Measurements recent = meter.measurements().since(before);
    assertEquals(1, recent.time(Operation.CONNECT).getTotalCount());
    assertEquals(900_000, (double) recent.time(Operation.CONNECT).getMaxValue(), 9_000);
    assertEquals(Map.of(), recent.errors());
    assertEquals(2, meter.measurements().time(Operation.CONNECT).getTotalCount());
  }

  @Test
  void timesOutOfRange_countAsTheLongestAndShortest() {
    Meter meter = new Meter();
    meter.took(Operation.DOWNLOAD, TimeUnit.HOURS.toNanos(2));
    meter.took(Operation.DOWNLOAD, -5);
    assertEquals(2, meter.measurements().time(Operation.DOWNLOAD).getTotalCount());
    assertEquals(
        Measurements.LONGEST_MICROS,
        (double) meter.measurements().time(Operation.DOWNLOAD).getMaxValue(),
        Measurements.LONGEST_MICROS * .01);
  }
}
