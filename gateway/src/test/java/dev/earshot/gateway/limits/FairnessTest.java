package dev.earshot.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.DeviceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Devices that send as much as they are let, beside others that don't. */
class FairnessTest {
  private static final int MINUTES = 5;

  /** A socket's buffer of small messages: what is read before a pause takes hold. */
  private static final int MESSAGES_IN_A_READ = 200;

  private final VirtualTime time = new VirtualTime();
  private final SplittableRandom random = new SplittableRandom(7);

  private Limits limits(int deviceMessagesPerSecond, int fleetMessagesPerSecond) {
    return new Limits(
        new LimitSettings(
            100_000,
            1_000,
            Duration.ofSeconds(8),
            30,
            deviceMessagesPerSecond,
            100,
            1_200,
            0,
            0,
            fleetMessagesPerSecond,
            Optional.empty()),
        16 << 10,
        time);
  }

  /** Sends whenever its socket is read. */
  private class Sender {
    final Membership membership;
    private final int atOnce;
    private final long everyNanos;
    long sent;
    long pausedNanos;

    Sender(Limits limits, String fleet, String name, int atOnce, double messagesPerSecond) {
      membership =
          assertInstanceOf(Entry.Admitted.class, limits.enter(new DeviceId(fleet, name), null))
              .membership();
      this.atOnce = atOnce;
      everyNanos = Math.round(atOnce * 1e9 / messagesPerSecond);
      time.after(random.nextLong(everyNanos), this::send);
    }

    private void send() {
      long pause = 0;
      for (int i = 0; i < atOnce; i++) {
        pause = membership.message(time.getAsLong());
      }
      sent += atOnce;
      pausedNanos += pause;
      time.after(Math.max(pause, everyNanos), this::send);
    }

    double perSecond() {
      return sent / (MINUTES * 60.0);
    }
  }

  private Sender mad(Limits limits, String fleet, String name) {
    return new Sender(limits, fleet, name, MESSAGES_IN_A_READ, 100_000);
  }

  private List<Sender> calm(Limits limits, String fleet, int devices, double messagesPerSecond) {
    List<Sender> all = new ArrayList<>();
    for (int i = 0; i < devices; i++) {
      all.add(new Sender(limits, fleet, "calm-" + i, 1, messagesPerSecond));
    }
    return all;
  }

  private static void assertNobodyWaited(List<Sender> senders) {
    for (Sender sender : senders) {
      assertTrue(sender.sent > 0);
      assertEquals(0, sender.pausedNanos);
    }
  }

  private static void assertBetween(double lowest, double highest, double actual) {
    assertTrue(
        actual >= lowest && actual <= highest,
        () -> actual + " (expected: " + lowest + " to " + highest + ")");
  }

  /**
   * Messages that a fleet is ahead of its rate, and stays: those who wait are let on after that
   * time and send a read's worth each, while the others used their share of it, so owed = owed -
   * owed (1 - others) + mad reads.
   *
   * @param others the share of the rate that is used by those who never wait
   */
  private static double owed(int mad, double others) {
    return mad * MESSAGES_IN_A_READ / (1 - others);
  }

  @Test
  void madDevice_getsItsRate_andSlowsNobody() {
    Limits limits = limits(20, 0);
    Sender mad = mad(limits, "home", "mad");
    List<Sender> others = calm(limits, "home", 50, 5);
    time.run(MINUTES, TimeUnit.MINUTES);
    assertNobodyWaited(others);
    assertBetween(20, 20 + (10 * 20 + MESSAGES_IN_A_READ) / (MINUTES * 60.0), mad.perSecond());
    assertEquals(MessageLimit.DEVICE_MESSAGES, mad.membership.slowedBy());
  }

  @Test
  void madDevice_thatMayUseUpItsFleetsRate_getsWhatTheOthersLeave() {
    Limits limits = limits(1_000_000, 100);
    Sender mad = mad(limits, "home", "mad");
    List<Sender> others = calm(limits, "home", 9, 5);
    time.run(MINUTES, TimeUnit.MINUTES);
    assertNobodyWaited(others);
    // 45 of the fleet's 100 are the others'.
    assertBetween(
        .9 * 55, 55 + (10 * 100 + owed(1, 45. / 100)) / (MINUTES * 60.0), mad.perSecond());
    assertEquals(MessageLimit.FLEET_MESSAGES, mad.membership.slowedBy());
  }

  @Test
  void madFleet_getsItsRate_andSlowsNoOther() {
    Limits limits = limits(1_000_000, 500);
    List<Sender> mad = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      mad.add(mad(limits, "mad", "d" + i));
    }
    List<Sender> calmOfTheSame = calm(limits, "mad", 30, 2);
    List<Sender> others = calm(limits, "home", 100, 4);
    time.run(MINUTES, TimeUnit.MINUTES);
    assertNobodyWaited(others);
    assertNobodyWaited(calmOfTheSame);
    double all =
        mad.stream().mapToDouble(Sender::perSecond).sum()
            + calmOfTheSame.stream().mapToDouble(Sender::perSecond).sum();
    assertBetween(.9 * 500, 500 + (10 * 500 + owed(20, 60. / 500)) / (MINUTES * 60.0), all);
  }

  @Test
  void fewOfALargeFleet_mayUseAllOfItsRate() {
    Limits limits = limits(1_000_000, 100);
    calm(limits, "home", 1_000, .0001);
    List<Sender> busy = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      busy.add(new Sender(limits, "home", "busy-" + i, 1, 40));
    }
    time.run(MINUTES, TimeUnit.MINUTES);
    assertBetween(
        90, 100 + 1_100 / (MINUTES * 60.0), busy.stream().mapToDouble(Sender::perSecond).sum());
    for (Sender one : busy) {
      assertBetween(20, 32, one.perSecond());
    }
  }

  @Test
  void busyTime_isNotHeldAgainstADevice_onceTheFleetHasRoom() {
    Limits limits = limits(1_000_000, 100);
    List<Sender> idle = calm(limits, "home", 99, .001);
    Membership busy =
        assertInstanceOf(Entry.Admitted.class, limits.enter(new DeviceId("home", "busy"), null))
            .membership();
    // Ninety a second for ten minutes, where an equal share is one a second.
    for (int i = 0; i < 54_000; i++) {
      assertEquals(0, busy.message(time.getAsLong()));
      time.run(11_112, TimeUnit.MICROSECONDS);
    }
    time.run(20, TimeUnit.SECONDS);
    Sender mad = mad(limits, "home", "mad");
    time.run(1, TimeUnit.MINUTES);
    assertTrue(mad.pausedNanos > 0);
    assertEquals(0, busy.message(time.getAsLong()));
    assertNobodyWaited(idle.stream().filter(one -> one.sent > 0).toList());
  }
}
