package dev.earshot.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.metrics.RefusalReason;
import dev.earshot.protocol.DeviceId;
import dev.earshot.service.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final DeviceId KITCHEN = new DeviceId("home", "kitchen");
  private static final DeviceId HALL = new DeviceId("home", "hall");
  private static final DeviceId ATTIC = new DeviceId("home", "attic");
  private static final DeviceId BENCH = new DeviceId("lab", "bench");

  private final VirtualTime time = new VirtualTime();

  private Limits limits(String... keysAndValues) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      environment.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    Settings settings = Settings.of(environment);
    LimitSettings read = LimitSettings.from(settings);
    settings.finish("test");
    return new Limits(read, 16 << 10, time);
  }

  private static Membership admitted(Entry entry) {
    return assertInstanceOf(Entry.Admitted.class, entry).membership();
  }

  private static void assertRefused(RefusalReason reason, Entry entry) {
    assertEquals(new Entry.Refused(reason), entry);
  }

  @Test
  void asManySocketsAsAllowed_areOpen() {
    Limits limits = limits("EARSHOT_MAX_CONNECTIONS", "2");
    assertTrue(limits.openSocket());
    assertTrue(limits.openSocket());
    assertFalse(limits.openSocket());
    assertEquals(2, limits.sockets());
    limits.closeSocket();
    assertTrue(limits.openSocket());
    assertEquals(2, limits.sockets());
  }

  @Test
  void connects_arePaced_untilTheWaitWouldBeTooLong() {
    Limits limits = limits("EARSHOT_CONNECTS_PER_SECOND", "10", "EARSHOT_CONNECT_WAIT", "PT0.25S");
    assertEquals(0, limits.paceNanos());
    assertEquals(100_000_000, limits.paceNanos());
    assertEquals(200_000_000, limits.paceNanos());
    assertEquals(-1, limits.paceNanos());
    time.pass(100, TimeUnit.MILLISECONDS);
    assertEquals(200_000_000, limits.paceNanos());
    time.pass(1, TimeUnit.HOURS);
    assertEquals(0, limits.paceNanos());
  }

  @Test
  void deviceThatConnectsTooOften_isRefused_andNoOther() {
    Limits limits = limits("EARSHOT_DEVICE_CONNECTS_PER_MINUTE", "3");
    for (int i = 0; i < 3; i++) {
      assertEquals(Optional.empty(), limits.foresee(KITCHEN));
      admitted(limits.enter(KITCHEN, null)).leave();
    }
    assertEquals(Optional.of(RefusalReason.DEVICE_RATE), limits.foresee(KITCHEN));
    assertRefused(RefusalReason.DEVICE_RATE, limits.enter(KITCHEN, null));
    admitted(limits.enter(HALL, null));
    time.pass(20, TimeUnit.SECONDS);
    assertEquals(Optional.empty(), limits.foresee(KITCHEN));
    admitted(limits.enter(KITCHEN, null)).leave();
    assertRefused(RefusalReason.DEVICE_RATE, limits.enter(KITCHEN, null));
  }

  @Test
  void askingAboutADevice_countsNothing() {
    Limits limits = limits("EARSHOT_DEVICE_CONNECTS_PER_MINUTE", "1");
    for (int i = 0; i < 100; i++) {
      assertEquals(Optional.empty(), limits.foresee(KITCHEN));
    }
    admitted(limits.enter(KITCHEN, null));
  }

  @Test
  void fullFleet_isRefused_andNoOther() {
    Limits limits = limits("EARSHOT_FLEET_CONNECTIONS", "2");
    Membership kitchen = admitted(limits.enter(KITCHEN, null));
    admitted(limits.enter(HALL, null));
    assertRefused(RefusalReason.FLEET_CONNECTIONS, limits.enter(ATTIC, null));
    admitted(limits.enter(BENCH, null));
    kitchen.leave();
    kitchen.leave();
    admitted(limits.enter(ATTIC, null));
    assertRefused(RefusalReason.FLEET_CONNECTIONS, limits.enter(KITCHEN, null));
  }

  @Test
  void newerSessionInAFullFleet_takesTheOlderOnesPlace() {
    Limits limits = limits("EARSHOT_FLEET_CONNECTIONS", "2");
    Membership older = admitted(limits.enter(KITCHEN, null));
    Membership hall = admitted(limits.enter(HALL, null));
    Membership newer = admitted(limits.enter(KITCHEN, older));
    older.leave();
    assertRefused(RefusalReason.FLEET_CONNECTIONS, limits.enter(ATTIC, null));
    Membership newest = admitted(limits.enter(KITCHEN, newer));
    newer.leave();
    newest.leave();
    hall.leave();
    admitted(limits.enter(ATTIC, null));
    admitted(limits.enter(HALL, null));
    assertRefused(RefusalReason.FLEET_CONNECTIONS, limits.enter(KITCHEN, null));
  }

  @Test
  void placeThatWasLeftMeanwhile_isNotHandedOnTwice() {
    Limits limits = limits("EARSHOT_FLEET_CONNECTIONS", "1");
    Membership older = admitted(limits.enter(KITCHEN, null));
    older.leave();
    Membership hall = admitted(limits.enter(HALL, null));
    assertRefused(RefusalReason.FLEET_CONNECTIONS, limits.enter(KITCHEN, older));
    hall.leave();
    admitted(limits.enter(KITCHEN, older));
    assertRefused(RefusalReason.FLEET_CONNECTIONS, limits.enter(HALL, null));
  }

  @Test
  void fleetThatConnectsTooFast_isRefused_andNoOther() {
    Limits limits =
        limits("EARSHOT_FLEET_CONNECTS_PER_SECOND", "2", "EARSHOT_FLEET_CONNECTIONS", "9");
    Membership kitchen = admitted(limits.enter(KITCHEN, null));
    admitted(limits.enter(HALL, null));
    assertEquals(Optional.of(RefusalReason.FLEET_RATE), limits.foresee(ATTIC));
    assertRefused(RefusalReason.FLEET_RATE, limits.enter(ATTIC, null));
    assertRefused(RefusalReason.FLEET_RATE, limits.enter(KITCHEN, kitchen));
    admitted(limits.enter(BENCH, null));
    time.pass(500, TimeUnit.MILLISECONDS);
    assertEquals(Optional.empty(), limits.foresee(ATTIC));
    Membership newer = admitted(limits.enter(KITCHEN, kitchen));
    kitchen.leave();
    newer.leave();
  }

  @Test
  void refusedTakeover_leavesTheOlderItsPlace() {
    Limits limits =
        limits("EARSHOT_FLEET_CONNECTS_PER_SECOND", "1", "EARSHOT_FLEET_CONNECTIONS", "1");
    Membership older = admitted(limits.enter(KITCHEN, null));
    assertRefused(RefusalReason.FLEET_RATE, limits.enter(KITCHEN, older));
    time.pass(1, TimeUnit.SECONDS);
    assertRefused(RefusalReason.FLEET_CONNECTIONS, limits.enter(HALL, null));
    older.leave();
    admitted(limits.enter(HALL, null));
  }

  @Test
  void messagesAboveTheBurst_pauseTheSocket() {
    Limits limits = limits("EARSHOT_DEVICE_MESSAGES_PER_SECOND", "5");
    Membership kitchen = admitted(limits.enter(KITCHEN, null));
    for (int i = 0; i < 49; i++) {
      assertEquals(0, kitchen.message(time.getAsLong()));
    }
    assertEquals(200_000_000, kitchen.message(time.getAsLong()));
    assertEquals(MessageLimit.DEVICE_MESSAGES, kitchen.slowedBy());
    assertEquals(400_000_000, kitchen.message(time.getAsLong()));
    assertEquals(0, admitted(limits.enter(HALL, null)).message(time.getAsLong()));
  }

  @Test
  void comingBack_isNoWayToBeginAnew() {
    Limits limits = limits("EARSHOT_DEVICE_MESSAGES_PER_SECOND", "1");
    Membership first = admitted(limits.enter(KITCHEN, null));
    for (int i = 0; i < 100; i++) {
      first.message(time.getAsLong());
    }
    Membership second = admitted(limits.enter(KITCHEN, first));
    assertEquals(92_000_000_000L, second.message(time.getAsLong()));
    first.leave();
    second.leave();
    Membership third = admitted(limits.enter(KITCHEN, null));
    assertEquals(93_000_000_000L, third.message(time.getAsLong()));
  }

  @Test
  void longSessionThatSendsTooFast_isRememberedWhenItEnds() {
    Limits limits = limits("EARSHOT_DEVICE_MESSAGES_PER_SECOND", "1");
    Membership first = admitted(limits.enter(KITCHEN, null));
    time.pass(1, TimeUnit.HOURS);
    limits.refresh();
    for (int i = 0; i < 100; i++) {
      first.message(time.getAsLong());
    }
    first.leave();
    assertTrue(admitted(limits.enter(KITCHEN, null)).message(time.getAsLong()) > 0);
  }

  @Test
  void whoIsGone_isForgotten() {
    Limits limits = limits();
    for (int i = 0; i < 1_000; i++) {
      admitted(limits.enter(new DeviceId("f" + i, "d"), null)).leave();
    }
    Membership stays = admitted(limits.enter(KITCHEN, null));
    assertEquals(2_002, limits.remembered());
    time.pass(61, TimeUnit.SECONDS);
    limits.refresh();
    assertEquals(1, limits.remembered());
    stays.leave();
    time.pass(61, TimeUnit.SECONDS);
    limits.refresh();
    assertEquals(0, limits.remembered());
  }

  @Test
  void devicesThatAreRemembered_areBounded() {
    Limits limits = limits();
    for (int i = 0; i < Limits.MOST_DEVICES + 10_000; i++) {
      admitted(limits.enter(new DeviceId("home", "d" + i), null)).leave();
    }
    assertTrue(limits.remembered() <= Limits.MOST_DEVICES + 1);
  }
}
