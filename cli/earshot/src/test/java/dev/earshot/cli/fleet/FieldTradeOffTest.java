package dev.earshot.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.fleet.FieldTradeOff.Kind;
import dev.earshot.cli.fleet.FieldTradeOff.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldTradeOffTest {
  private static final int RUNNING = 59;

  /** Peaks by bucket: 23 holds scores 56 to 63, so the running threshold lies within it. */
  private static FieldScores kitchen(long falseAccepts) {
    return new FieldScores(
        "kitchen",
        1000,
        240,
        falseAccepts,
        10,
        buckets(Map.of(23, 10L, 24, 30L, 30, 160L)),
        buckets(Map.of(23, 20L, 24, 15L, 28, 5L)),
        buckets(Map.of(20, 4L, 23, 6L)),
        buckets(Map.of(20, 50L, 22, 25L, 23, 10L)));
  }

  private static List<Long> buckets(Map<Integer, Long> counts) {
    List<Long> buckets = new ArrayList<>(Collections.nCopies(32, 0L));
    counts.forEach(buckets::set);
    return buckets;
  }

  private static final FieldTradeOff FIELD = new FieldTradeOff(kitchen(40), RUNNING);

  @Test
  void runningThreshold_isWhatWasCounted() {
    Point point = FIELD.at(RUNNING);
    assertEquals(Kind.RUNNING, point.kind());
    assertEquals(ExactIntervals.ratePerHour(40, 1000), point.falseAcceptsPerHour());
    assertEquals(ExactIntervals.share(10, 210), point.missShare());
  }

  @Test
  void higherThreshold_keepsWhatRisesAboveItAndMissesTheRest() {
    Point point = FIELD.at(71);
    assertEquals(Kind.ESTIMATED, point.kind());
    assertEquals(ExactIntervals.ratePerHour(5, 1000), point.falseAcceptsPerHour());
    assertEquals(ExactIntervals.share(10 + 40, 210), point.missShare());
    assertEquals(
        ExactIntervals.ratePerHour(20, 1000), FIELD.at(63).falseAcceptsPerHour(), "bucket 23 ends");
  }

  @Test
  void lowerThreshold_isBoundedAndNeverEstimated() {
    Point point = FIELD.at(47); // above it: 25 + 10 near misses and 6 suspected misses
    assertEquals(Kind.BOUNDED, point.kind());
    assertTrue(point.falseAcceptsPerHour().estimate().isEmpty());
    assertTrue(point.missShare().estimate().isEmpty());
    assertEquals(
        ExactIntervals.ratePerHour(40, 1000).low(), point.falseAcceptsPerHour().low());
    assertEquals(
        ExactIntervals.ratePerHour(40 + 25 + 10 + 6, 1000).high(),
        point.falseAcceptsPerHour().high());
    assertEquals(ExactIntervals.share(4, 210).low(), point.missShare().low());
    assertEquals(ExactIntervals.share(10, 210).high(), point.missShare().high());
  }

  @Test
  void falseAcceptsWithoutAPeak_widenTheInterval() {
    FieldTradeOff old = new FieldTradeOff(kitchen(60), RUNNING);
    assertEquals(
        ExactIntervals.ratePerHour(60, 1000), old.at(RUNNING).falseAcceptsPerHour(), "all count");
    Reading higher = old.at(71).falseAcceptsPerHour();
    assertTrue(higher.estimate().isEmpty());
    assertEquals(ExactIntervals.ratePerHour(5, 1000).low(), higher.low());
    assertEquals(ExactIntervals.ratePerHour(25, 1000).high(), higher.high());
  }

  @Test
  void thresholds_areEdgesOfBuckets() {
    assertEquals(
        "threshold: 70 (expected: 59, or the upper edge of a bucket of 8 scores from -1 to 119,"
            + " such as 71)",
        assertThrows(IllegalArgumentException.class, () -> FIELD.at(70)).getMessage());
    List<Integer> thresholds = FIELD.points().stream().map(Point::thresholdScore).toList();
    assertEquals(List.of(-1, 7, 15, 23, 31, 39, 47, 55, 59, 63, 71), thresholds.subList(0, 11));
    assertEquals(119, thresholds.getLast());
  }

  @Test
  void risingThreshold_neverAddsFalseAcceptsNorRemovesMisses() {
    List<Point> points =
        FIELD.points().stream().filter(point -> point.kind() != Kind.BOUNDED).toList();
    for (int i = 1; i < points.size(); i++) {
      Point lower = points.get(i - 1);
      Point higher = points.get(i);
      assertTrue(higher.falseAcceptsPerHour().high() <= lower.falseAcceptsPerHour().high());
      assertTrue(higher.missShare().low() >= lower.missShare().low());
    }
  }

  @Test
  void target_mustHoldAtTheUpperEndOfTheInterval() {
    // 15 + 5 give .02 an hour, at most .0309; 5 give .005, at most .0117
    assertEquals(71, FIELD.lowestWithFalseAcceptsAtMost(.02).thresholdScore());
    assertEquals(63, FIELD.lowestWithFalseAcceptsAtMost(.031).thresholdScore());
    assertEquals(RUNNING, FIELD.lowestWithFalseAcceptsAtMost(1).thresholdScore());
    assertEquals(63, FIELD.highestWithMissesAtMost(.15).thresholdScore());
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> FIELD.lowestWithFalseAcceptsAtMost(.001))
            .getMessage()
            .endsWith("the upper end at threshold 119 after 1000.0 h; listen longer)"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> FIELD.highestWithMissesAtMost(.01))
            .getMessage()
            .contains("nobody in the field can say"));
  }

  @Test
  void total_addsEnvironmentsUp() {
    FieldScores total = FieldScores.total(List.of(kitchen(40), kitchen(40)));
    assertEquals(2000, total.listeningHours());
    assertEquals(80, total.falseAccepts());
    assertEquals(40, FieldScores.above(total.falseAcceptScores(), 63));
    assertEquals(0, FieldScores.above(total.falseAcceptScores(), 127));
  }
}
