package dev.earshot.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactIntervalsTest {
  /** The table of 95 % limits of a Poisson count in Ulm, American J. of Epidemiology 131 (1990). */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 3.689",
    "1, 0.0253, 5.572",
    "2, 0.242, 7.225",
    "5, 1.623, 11.668",
    "10, 4.795, 18.390",
    "20, 12.217, 30.888",
    "100, 81.364, 121.627"
  })
  void rate_hasTheLimitsOfTheTables(long events, double low, double high) {
    Reading reading = ExactIntervals.ratePerHour(events, 1);
    assertEquals(low, reading.low(), 1e-3);
    assertEquals(high, reading.high(), 1e-3);
    Reading perHour = ExactIntervals.ratePerHour(events, 50);
    assertEquals(events / 50.0, perHour.estimate().getAsDouble(), 1e-12);
    assertEquals(high / 50, perHour.high(), 1e-4);
  }

  /** Clopper and Pearson's column of Newcombe, Statistics in Medicine 17 (1998), table I. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, .2527, .3676",
    "15, 148, .0578, .1617",
    "0, 20, 0, .1684",
    "1, 29, .0009, .1776"
  })
  void share_hasTheLimitsOfTheTables(long hits, long of, double low, double high) {
    Reading reading = ExactIntervals.share(hits, of);
    assertEquals(low, reading.low(), 5e-5);
    assertEquals(high, reading.high(), 5e-5);
    assertEquals((double) hits / of, reading.estimate().getAsDouble(), 1e-12);
    Reading mirrored = ExactIntervals.share(of - hits, of);
    assertEquals(1 - low, mirrored.high(), 5e-5);
  }

  @Test
  void nothingObserved_boundsNothing() {
    Reading rate = ExactIntervals.ratePerHour(0, 0);
    assertEquals(OptionalDouble.empty(), rate.estimate());
    assertEquals(Double.POSITIVE_INFINITY, rate.high());
    assertEquals(Reading.bounded(0, 1), ExactIntervals.share(0, 0));
  }

  @Test
  void moreHitsThanTries_areRefused() {
    assertEquals(
        "hits: 3 of 2 (expected: between 0 and that)",
        assertThrows(IllegalArgumentException.class, () -> ExactIntervals.share(3, 2))
            .getMessage());
  }
}
