package dev.earshot.gateway;

import com.google.protobuf.ByteString;
import dev.earshot.gateway.identity.IdentitySettings;
import dev.earshot.gateway.limits.LimitSettings;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Slot;
import java.time.Duration;
import java.util.Collections;
import java.util.OptionalInt;

/** Messages and settings that are right, for tests to use or to spoil. */
public final class TestObjects {
  private TestObjects() {}

  public static Heartbeat.Builder heartbeat(int sequence) {
    return Heartbeat.newBuilder()
        .setBootId(1)
        .setSequence(sequence)
        .setIntervalMs(60_000)
        .setListeningMs(60_000)
        .setModelDigest(ByteString.copyFrom(new byte[32]))
        .setRelease("hey-nova:1.0.0")
        .setSlot(Slot.SLOT_A)
        .setEnvironment(Environment.KITCHEN)
        .setWakes(2)
        .addAllScoreHistogram(Collections.nCopies(32, 3))
        .setBatterySocPct(80);
  }

  public static DeviceStatus.Builder status() {
    return DeviceStatus.newBuilder()
        .setBootId(1)
        .setAttributes(DeviceAttributes.newBuilder().setChip("ndp120").setRegion("eu"))
        .setActiveSlot(Slot.SLOT_A);
  }

  static GatewayConfig config(String kafka) {
    GatewayConfig.Limits defaults = GatewayConfig.Limits.defaults();
    return config(
        kafka,
        new GatewayConfig.Limits(
            2,
            4096,
            defaults.maxInFlightMessages(),
            defaults.maxInFlightBytes(),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Duration.ZERO));
  }

  static GatewayConfig config(String kafka, GatewayConfig.Limits limits) {
    return config(kafka, 0, "gateway-test", IdentitySettings.DEVELOPMENT, limits);
  }

  static GatewayConfig config(
      String kafka,
      int mqttPort,
      String instance,
      IdentitySettings identity,
      GatewayConfig.Limits limits) {
    return new GatewayConfig(
        kafka,
        "127.0.0.1",
        mqttPort,
        0,
        instance,
        identity,
        OptionalInt.empty(),
        OptionalInt.empty(),
        LimitSettings.defaults(),
        4,
        1,
        limits);
  }
}
