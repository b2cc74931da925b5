package dev.earshot.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The quick judgement is that of protobuf's own objects, whatever the bytes are. */
class PayloadCheckPropertyTest {
  /** A failure shows it as hex. */
  record Payload(String hex) {
    static Payload of(byte[] bytes) {
      return new Payload(HexFormat.of().formatHex(bytes));
    }

    byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }
  }

  @Property(tries = 50_000)
  void anyHeartbeat_isJudgedAsByItsObject(@ForAll("heartbeats") Payload payload) {
    assertEquals(ObjectCheck.heartbeat(payload.bytes()), PayloadCheck.heartbeat(payload.bytes()));
  }

  @Property(tries = 3_000)
  void anyStatus_isJudgedAsByItsObject(@ForAll("statuses") Payload payload) {
    assertEquals(ObjectCheck.status(payload.bytes()), PayloadCheck.status(payload.bytes()));
  }

  @Property(tries = 1_000)
  void goodHeartbeat_isReadWithoutObjects(@ForAll("goodHeartbeats") Payload payload) {
    assertTrue(new HeartbeatFacts().readPlain(payload.bytes()));
  }

  @Provide
  Arbitrary<Payload> heartbeats() {
    return Arbitraries.randomValue(random -> Payload.of(new Payloads(random).heartbeat()));
  }

  @Provide
  Arbitrary<Payload> statuses() {
    return Arbitraries.randomValue(random -> Payload.of(new Payloads(random).status()));
  }

  @Provide
  Arbitrary<Payload> goodHeartbeats() {
    return Arbitraries.randomValue(
        random -> Payload.of(new Payloads(random).goodHeartbeat().build().toByteArray()));
  }

  /** Heartbeats by the million: how many, and the seed. Says what came of them. */
  public static void main(String[] args) {
    int count = Integer.parseInt(args[0]);
    Payloads payloads = new Payloads(new Random(Long.parseLong(args[1])));
    HeartbeatFacts facts = new HeartbeatFacts();
    Map<String, Integer> tally = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      byte[] payload = payloads.heartbeat();
      var expected = ObjectCheck.heartbeat(payload);
      assertEquals(
          expected, PayloadCheck.heartbeat(payload), () -> HexFormat.of().formatHex(payload));
      String outcome = expected.map(rejection -> rejection.reason().label()).orElse("good");
      boolean plain = facts.readPlain(payload);
      tally.merge(outcome + (plain ? ", plain" : ", not plain"), 1, Integer::sum);
    }
    System.out.println(tally);
  }
}
