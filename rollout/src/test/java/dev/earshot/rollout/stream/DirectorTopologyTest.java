package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.RolloutRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every {@link TestDevice} verifies every command; here is what makes that hard. */
final class DirectorTopologyTest {
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: "true"
      stages: [{percent: 100, soak: 2h}]
      holdback_percent: 0
      offers: {per_minute: 1000}
      heard_within: 30d
      deadlines: {offered: 30d}
      """;

  private static final Duration SOON = Duration.ofHours(1);

  @TempDir Path directory;

  @Test
  void commandThatIsToldAgain_hasANewerOrderWithALaterEnd() {
    try (TestFleet fleet = new TestFleet(directory, 2, 1)) {
      TestDevice device = silent(fleet);
      fleet.create("r1", PLAN);
      fleet.pass(SOON);
      Order first = device.director.last();
      fleet.pass(Duration.ofDays(1));
      fleet.announce(device);
      Order second = device.director.last();
      assertTrue(second.version() > first.version());
      assertEquals(first.commandId(), second.commandId());
      assertEquals(second.issued().plus(Duration.ofDays(7)), second.expires());
      assertTrue(second.expires().isAfter(first.expires()));
    }
  }

  @Test
  void deviceThatWasAwayForLongerThanAnOrderLasts_isToldByOneThatIsValid() {
    try (TestFleet fleet = new TestFleet(directory, 2, 1)) {
      TestDevice device = silent(fleet);
      fleet.create("r1", PLAN);
      fleet.pass(SOON);
      device.manner = TestDevice.Manner.OBEDIENT;
      fleet.network = (who, heartbeat) -> {};
      fleet.pass(Duration.ofDays(8));
      device.clock = fleet.clock.instant();
      fleet.announce(device);
      assertEquals(TestFleet.NEW, device.active);
    }
  }

  @Test
  void anotherInstance_countsOnWhereTheFirstOneWas() {
    try (TestFleet fleet = new TestFleet(directory, 4, 1)) {
      TestDevice device = silent(fleet);
      fleet.create("r1", PLAN);
      fleet.pass(SOON);
      long before = device.director.last().version();
      fleet.takeOver(TestDirector.TRUST.director());
      fleet.pass(SOON);
      fleet.announce(device);
      assertTrue(device.director.last().version() > before);
      device.manner = TestDevice.Manner.OBEDIENT;
      fleet.pass(SOON);
      fleet.announce(device);
      assertEquals(TestFleet.NEW, device.active);
    }
  }

  @Test
  void newKey_isFollowedByDevicesThatHaveTheNewRoot() throws Exception {
    try (TestFleet fleet = new TestFleet(directory, 4, 1)) {
      fleet.announceAll();
      fleet.create("r1", PLAN);
      fleet.pass(SOON);
      SigningKey newKey = SigningKey.ofSeed(new byte[32]);
      byte[] root = secondRoot(newKey);
      fleet.takeOver(newKey);
      List<TestDevice> told = new ArrayList<>(fleet.devices.values());
      for (TestDevice device : told) {
        assertEquals(TestFleet.NEW, device.active);
        device.director.follow(root);
      }
      fleet.request(fleet.order("r1").setAbort(RolloutRequest.Abort.getDefaultInstance()).build());
      fleet.pass(SOON);
      told.forEach(device -> assertEquals(TestFleet.OLD, device.active));
    }
  }

  @Test
  void newKeyWithoutANewRoot_isHeardByNobody() {
    try (TestFleet fleet = new TestFleet(directory, 1, 1)) {
      fleet.announceAll();
      fleet.takeOver(SigningKey.ofSeed(new byte[32]));
      fleet.create("r1", PLAN);
      AssertionError refused = assertThrows(AssertionError.class, () -> fleet.pass(SOON));
      assertTrue(
          String.valueOf(refused.getCause()).contains("0 valid signatures"), refused.toString());
    }
  }

  @Test
  void releaseThatIsNotKnownHere_isToldNobody() {
    try (TestFleet fleet = new TestFleet(directory, 2, 1)) {
      fleet.announceAll();
      fleet.create("r1", PLAN.replace("1.1.0", "1.2.0"));
      fleet.pass(SOON);
      assertTrue(fleet.commands.isEmpty());
      fleet.release("hey-nova:1.2.0", 3);
      fleet.pass(Duration.ofHours(1));
      assertFalse(fleet.commands.isEmpty());
    }
  }

  private static TestDevice silent(TestFleet fleet) {
    TestDevice device = fleet.devices.values().iterator().next();
    device.manner = TestDevice.Manner.SILENT;
    fleet.announceAll();
    return device;
  }

  private static byte[] secondRoot(SigningKey newKey) {
    LocalTrust trust = TestDirector.TRUST;
    Map<Root.Role, RoleKeys> roles = new EnumMap<>(Root.Role.class);
    for (Root.Role role : Root.Role.values()) {
      SigningKey key = role == Root.Role.ROOT ? trust.directorRoot() : newKey;
      roles.put(role, RoleKeys.of(key.publicKey()));
    }
    Root root = new Root(2, Instant.parse("2100-01-01T00:00:00Z"), roles);
    return Envelope.sign(root, List.of(trust.directorRoot())).bytes();
  }
}
