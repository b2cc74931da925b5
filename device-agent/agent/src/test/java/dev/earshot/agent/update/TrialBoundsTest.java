package dev.earshot.agent.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrialBoundsTest {
  private static Figures figures(
      Environment where, double hours, int wakes, int falseAccepts, double milliwatts) {
    return Figures.NONE.plus(
        Heartbeat.newBuilder()
            .setEnvironment(where)
            .setListeningMs((int) (hours * 3_600_000))
            .setWakes(wakes)
            .setFalseAccepts(falseAccepts)
            .setNdpEnergyUj(Math.round(hours * 3_600_000 * milliwatts)));
  }

  @Test
  void modelLikeTheOneBefore_isFine() {
    assertEquals(
        Optional.empty(),
        TrialBounds.broken(
            figures(Environment.KITCHEN, 24, 90, 12, 1),
            figures(Environment.KITCHEN, 6, 30, 4, 1)));
  }

  @Test
  void floodOfWakes_isBroken() {
    assertEquals(
        Optional.of("90 wakes in 0.25 h of listening (expected: at most 120/h)"),
        TrialBounds.broken(Figures.NONE, figures(Environment.CAR, 0.25, 90, 0, 1)));
  }

  @Test
  void falseAcceptsFarBeyondTheOldModelsRate_areBroken() {
    assertEquals(
        Optional.of("30 false accepts in 1.00 h (CAR); the model before: 10 in 24.00 h"),
        TrialBounds.broken(
            figures(Environment.CAR, 24, 40, 10, 1), figures(Environment.CAR, 1, 40, 30, 1)));
  }

  @Test
  void otherEnvironment_isNotCompared() {
    assertEquals(
        Optional.empty(),
        TrialBounds.broken(
            figures(Environment.QUIET, 24, 40, 0, 1), figures(Environment.CAR, 1, 40, 30, 1)));
  }

  @Test
  void fiveTimesThePower_isBroken() {
    assertEquals(
        Optional.of("5.000 mW; the model before: 1.000 mW (expected: at most 4 times as much)"),
        TrialBounds.broken(
            figures(Environment.CAR, 1, 0, 0, 1), figures(Environment.CAR, 1, 0, 0, 5)));
  }

  /**
   * The javadoc's promise, with a model whose rate is just the limit and a look every 15 minutes.
   */
  @Test
  void modelAtTheLimit_hardlyEverComesBackByMistake() {
    SplittableRandom random = new SplittableRandom(5);
    Figures before = figures(Environment.CAR, 20, 40, 20, 1); // 1/h, so the limit is 8/h
    int back = 0;
    for (int trial = 0; trial < 2000; trial++) {
      Figures now = Figures.NONE;
      boolean broken = false;
      for (int look = 0; look < 24; look++) {
        int count = poisson(random, 2);
        now = now.plus(interval(count));
        broken |= TrialBounds.broken(before, now).isPresent();
      }
      back += broken ? 1 : 0;
    }
    assertTrue(back <= 1, back + " of 2000 trials");
  }

  @Test
  void tails_areUpperBounds() {
    // Exact values: P(Poisson(2) >= 10) = 4.65e-5, P(Bin(10, 0.2) >= 8) = 7.79e-5.
    assertTrue(TrialBounds.poissonTail(10, 2) >= 4.65e-5);
    assertTrue(TrialBounds.poissonTail(10, 2) < 1e-3);
    assertTrue(TrialBounds.binomialTail(8, 10, 0.2) >= 7.79e-5);
    assertTrue(TrialBounds.binomialTail(8, 10, 0.2) < 1e-3);
    assertEquals(1, TrialBounds.poissonTail(2, 2));
    assertEquals(1, TrialBounds.binomialTail(0, 0, 0.3));
  }

  @Test
  void weeksOfListening_fade() {
    Figures figures = Figures.NONE;
    for (int day = 0; day < 60; day++) {
      figures =
          figures.plus(
              Heartbeat.newBuilder()
                  .setEnvironment(Environment.QUIET)
                  .setListeningMs(86_400_000)
                  .setFalseAccepts(4));
    }
    assertTrue(figures.listeningMillis() <= 8 * 86_400_000L);
    Figures.Place quiet = figures.in(Environment.QUIET);
    assertEquals(4, quiet.falseAccepts() / (quiet.listeningMillis() / 86_400_000.0), 0.5);
  }

  private static Heartbeat.Builder interval(int falseAccepts) {
    return Heartbeat.newBuilder()
        .setEnvironment(Environment.CAR)
        .setListeningMs(900_000)
        .setWakes(falseAccepts)
        .setFalseAccepts(falseAccepts);
  }

  private static int poisson(SplittableRandom random, double mean) {
    int count = 0;
    for (double product = random.nextDouble(); product > Math.exp(-mean); count++) {
      product *= random.nextDouble();
    }
    return count;
  }
}
