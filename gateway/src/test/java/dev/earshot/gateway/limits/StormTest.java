package dev.earshot.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.DeviceId;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A gateway comes back, and with it its 15,000 devices, each as patient as the device agent: the
 * n-th try in a row comes after a random time between half of and the whole min(60 s, 2^(n-1) s).
 */
class StormTest {
  private static final int DEVICES = 15_000;
  private static final int CONNECTS_PER_SECOND = 1_000;

  private final VirtualTime time = new VirtualTime();
  private final Limits limits = new Limits(LimitSettings.defaults(), 16 << 10, time);
  private int present;
  private int busyAnswers;
  private int mostTries;
  private int waiting;
  private int mostWaiting;
  private double lastCameInAtSeconds;
  private double longestWaitSeconds;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everybodyIsBack_nearlyAsFastAsTheRateAllows(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < DEVICES; i++) {
      new Device(new DeviceId("home", "d" + i), random.split()).lost();
    }
    time.run(10, TimeUnit.MINUTES);
    assertEquals(DEVICES, present);
    double bound = (double) DEVICES / CONNECTS_PER_SECOND;
    assertTrue(lastCameInAtSeconds >= bound - .1, () -> "all are in at " + lastCameInAtSeconds);
    assertTrue(lastCameInAtSeconds <= 1.1 * bound, () -> "all are in at " + lastCameInAtSeconds);
    assertTrue(longestWaitSeconds <= 8, () -> "one waited " + longestWaitSeconds);
    assertTrue(mostWaiting <= 8 * CONNECTS_PER_SECOND + 1, () -> "waiting: " + mostWaiting);
    assertTrue(busyAnswers > 0 && mostTries > 2, "nobody was ever told to come again");
    assertTrue(mostTries <= 6, () -> "one tried " + mostTries + " times");
  }

  private final class Device {
    private final DeviceId id;
    private final SplittableRandom random;
    private int failures;
    private int tries;

    Device(DeviceId id, SplittableRandom random) {
      this.id = id;
      this.random = random;
    }

    void lost() {
      failures++;
      long bound = Math.min(60_000, 1_000L << Math.min(10, failures - 1));
      long delayMillis = bound / 2 + random.nextLong(bound / 2 + 1);
      time.after(TimeUnit.MILLISECONDS.toNanos(delayMillis), this::connect);
    }

    private void connect() {
      tries++;
      mostTries = Math.max(mostTries, tries);
      long wait = limits.paceNanos();
      if (wait < 0) {
        busyAnswers++;
        lost();
        return;
      }
      longestWaitSeconds = Math.max(longestWaitSeconds, wait * 1e-9);
      waiting++;
      mostWaiting = Math.max(mostWaiting, waiting);
      time.after(wait, this::enter);
    }

    private void enter() {
      waiting--;
      switch (limits.enter(id, null)) {
        case Entry.Admitted _ -> {
          present++;
          lastCameInAtSeconds = time.seconds();
        }
        case Entry.Refused _ -> lost();
      }
    }
  }
}
