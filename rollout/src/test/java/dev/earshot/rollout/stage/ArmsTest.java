package dev.earshot.rollout.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.rollout.cohort.Position;
import dev.earshot.rollout.plan.OfferRate;
import dev.earshot.rollout.plan.Plan;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ArmsTest {
  private static final Plan PLAN = Plan.of(new ReleaseRef("hey-nova", "1.1.0"), "true");

  @Property(tries = 500)
  void treatedDevice_staysTreatedInEveryLaterStage(
      @ForAll long seed, @ForAll @IntRange(max = 1_000_000) int device) {
    Position position = Position.of(seed, new DeviceId("home", "d" + device));
    boolean treated = false;
    for (int stage = 1; stage <= PLAN.stages().size(); stage++) {
      boolean now = Arms.at(PLAN, stage, position) == Arm.TREATMENT;
      assertTrue(now || !treated, "stage " + stage + " let go of " + position);
      treated = now;
    }
    assertEquals(position.share() < 0.95, treated, "who is treated in the end: " + position);
  }

  @Test
  void manyDevices_landInArmsAsThePercentagesSay() {
    int[] treated = new int[PLAN.stages().size()];
    int fleet = 20_000;
    for (int i = 0; i < fleet; i++) {
      Position position = Position.of(7, new DeviceId("home", "d" + i));
      for (int stage = 1; stage <= treated.length; stage++) {
        treated[stage - 1] += Arms.at(PLAN, stage, position) == Arm.TREATMENT ? 1 : 0;
      }
    }
    // Four standard deviations of the binomial.
    assertEquals(0.01 * fleet, treated[0], 4 * Math.sqrt(fleet * 0.01));
    assertEquals(0.05 * fleet, treated[1], 4 * Math.sqrt(fleet * 0.05));
    assertEquals(0.25 * fleet, treated[2], 4 * Math.sqrt(fleet * 0.19));
    assertEquals(0.95 * fleet, treated[3], 4 * Math.sqrt(fleet * 0.05));
  }

  @Test
  void pace_growsWithSuccessesUpToItsLimit() {
    OfferRate rate = new OfferRate(10, 2, 50, 35, 1_000);
    assertEquals(10, rate.perMinuteAfter(49));
    assertEquals(20, rate.perMinuteAfter(50));
    assertEquals(35, rate.perMinuteAfter(100));
    assertEquals(35, rate.perMinuteAfter(1_000_000));
    assertEquals(0.2, Pace.advance(0.1, rate, Duration.ofMinutes(1), 100, 0, 0), 1e-12);
    assertEquals(1, Pace.advance(0.1, rate, Duration.ofHours(1), 100, 0, 0));
    assertEquals(1, Pace.advance(0, rate, Duration.ofMinutes(1), 0, 0, 0), "nobody to wait for");
  }

  @Test
  void downloads_areNeverMoreThanThePlanAllowsAtOnce() {
    OfferRate rate = new OfferRate(1_000, 1, 1, 1_000, 30);
    double released = Pace.advance(0, rate, Duration.ofMinutes(5), 100, 0, 0);
    assertEquals(0.3, released, 1e-12);
    assertEquals(0.3, Pace.advance(released, rate, Duration.ofMinutes(5), 100, 0, 0), 1e-12);
    assertEquals(0.5, Pace.advance(released, rate, Duration.ofMinutes(5), 100, 20, 20), 1e-12);
    assertEquals(0.3, Pace.advance(0.3, rate, Duration.ZERO, 1_000, 0, 0), "never taken back");
  }
}
