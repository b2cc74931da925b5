package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.gateway.Gateway;
import dev.earshot.gateway.Scrape;
import dev.earshot.protocol.v1.SessionEvent;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a device is told that comes when there is no room; what is counted is a package's own test.
 */
@Timeout(60)
class LimitsIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  @ParameterizedTest
  @EnumSource(Version.class)
  void fleetThatIsFull_takesNobody_butItsDevicesAgain(Version version) throws Exception {
    try (Gateway gateway =
            WIRE.startAnother("wire-full", Map.of("EARSHOT_FLEET_CONNECTIONS", "2"));
        RawClient one = device(gateway, version).connected();
        RawClient two = device(gateway, version).connected();
        RawClient three = device(gateway, version)) {
      assertRefused(gateway, three, 0x97, "fleet_connections"); // Quota exceeded
      WIRE.awaitLastEvent(three.key(), SessionEvent.Kind.REFUSED, "fleet_connections");
      String known = two.key().substring(two.key().indexOf('/') + 1);
      try (RawClient again = WireGateway.open(gateway, version, known).connected()) {
        two.assertEnds(0x8E);
        again.assertAlive();
      }
      one.assertAlive();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void deviceThatComesTooOften_isRefused_andItsSessionStays(Version version) throws Exception {
    String name = WireGateway.name("often");
    try (Gateway gateway =
            WIRE.startAnother("wire-often", Map.of("EARSHOT_DEVICE_CONNECTS_PER_MINUTE", "2"));
        RawClient first = WireGateway.open(gateway, version, name).connected();
        RawClient second = WireGateway.open(gateway, version, name).connected();
        RawClient third = WireGateway.open(gateway, version, name)) {
      first.assertEnds(0x8E);
      assertRefused(gateway, third, 0x9F, "device_rate"); // Connection rate exceeded
      second.assertAlive();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void moreConnectsThanTheGatewayTakes_areBusy(Version version) throws Exception {
    try (Gateway gateway =
            WIRE.startAnother(
                "wire-busy",
                Map.of("EARSHOT_CONNECTS_PER_SECOND", "1", "EARSHOT_CONNECT_WAIT", "PT0S"));
        RawClient one = device(gateway, version);
        RawClient two = device(gateway, version)) {
      one.send(one.connect().bytes());
      two.send(two.connect().bytes());
      Packet first = one.read();
      RawClient refused = (first.body()[1] & 0xFF) == 0 ? two : one;
      Packet answer = refused == one ? first : two.read();
      assertCode(refused, answer, 0x89); // Server busy
      assertEquals(1, new Scrape(gateway).value("refusals_total", "reason=\"gateway_rate\""));
    }
  }

  private static RawClient device(Gateway gateway, Version version) {
    return WireGateway.open(gateway, version, WireGateway.name("limited"));
  }

  private static void assertRefused(Gateway gateway, RawClient client, int code, String reason)
      throws IOException {
    client.send(client.connect().bytes());
    assertCode(client, client.read(), code);
    client.assertClosed();
    assertEquals(1, new Scrape(gateway).value("refusals_total", "reason=\"" + reason + "\""));
  }

  private static void assertCode(RawClient client, Packet answer, int code) {
    switch (client.version()) {
      case V3_1_1 -> assertEquals("20 02 00 03", answer.hex()); // server unavailable
      case V5 -> assertEquals(code, answer.connAck().reason(), answer::hex);
    }
  }
}
