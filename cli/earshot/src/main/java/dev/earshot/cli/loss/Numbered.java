package dev.earshot.cli.loss;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Slot;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One message of the generator. All its bytes follow from its number, so that nobody need keep them
 * to tell afterwards whether they arrived unchanged.
 *
 * @param device from 0
 * @param boot from 1
 * @param sequence of the boot, from 0
 */
record Numbered(int device, int boot, int sequence) {
  /** The fleet of all devices of the generator. */
  static final String FLEET = "loss";

  private static final String PREFIX = "device-";
  private static final int INTERVAL_MILLIS = 60_000;
  private static final int BUCKETS = 32;
  private static final int DIGEST_BYTES = 32;
  private static final long EPOCH_MILLIS = 1_750_000_000_000L;
  private static final Environment[] ENVIRONMENTS = {
    Environment.QUIET, Environment.KITCHEN, Environment.CAR, Environment.FACTORY
  };

  Numbered {
    if (device < 0 || boot < 1 || sequence < 0) {
      throw new IllegalArgumentException(
          "device %d, boot %d, sequence %d (expected: at least 0, 1, 0)"
              .formatted(device, boot, sequence));
    }
  }

  /** Who sends it. */
  static DeviceId id(int device) {
    return new DeviceId(FLEET, PREFIX + device);
  }

  /** Which message of the generator would have this key and value; empty when none would. */
  static Optional<Numbered> of(String key, Heartbeat value) {
    String start = FLEET + "/" + PREFIX;
    if (!key.startsWith(start) || value.getBootId() < 1 || value.getSequence() < 0) {
      return Optional.empty();
    }
    try {
      int device = Integer.parseInt(key.substring(start.length()));
      return id(device).toString().equals(key)
          ? Optional.of(new Numbered(device, value.getBootId(), value.getSequence()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The heartbeat's bytes, about 200. */
  byte[] payload() {
    return heartbeat().toByteArray();
  }

  private Heartbeat heartbeat() {
    SplittableRandom random =
        new SplittableRandom(((long) device << 48) ^ ((long) boot << 32) ^ sequence);
    int falseAccepts = random.nextInt(3);
    int listening = random.nextInt(INTERVAL_MILLIS);
    byte[] digest = new byte[DIGEST_BYTES];
    random.nextBytes(digest);
    Heartbeat.Builder heartbeat =
        Heartbeat.newBuilder()
            .setBootId(boot)
            .setSequence(sequence)
            .setIntervalStartMs(EPOCH_MILLIS + (long) sequence * INTERVAL_MILLIS)
            .setIntervalMs(INTERVAL_MILLIS)
            .setUptimeMs((long) sequence * INTERVAL_MILLIS)
            .setModelDigest(ByteString.copyFrom(digest))
            .setRelease("hey-nova:1.0.0")
            .setSlot(Slot.SLOT_A)
            .setEnvironment(ENVIRONMENTS[random.nextInt(ENVIRONMENTS.length)])
            .setListeningMs(listening)
            .setWakes(falseAccepts + random.nextInt(5))
            .setFalseAccepts(falseAccepts)
            .setSuspectedFalseRejects(random.nextInt(2))
            .setInferences(random.nextInt(10_000))
            .setNdpEnergyUj(random.nextInt(100_000))
            .setBatterySocPct(80)
            .setBatteryDischargeDurationMs(listening)
            .setOperationalCrashfreeMs(INTERVAL_MILLIS)
            .setUnexpectedReboots(sequence == 0 ? 1 : 0)
            .setConnectivityConnectedMs(random.nextInt(INTERVAL_MILLIS))
            .setConnectivityExpectedMs(INTERVAL_MILLIS);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      heartbeat.addScoreHistogram(random.nextInt(500));
    }
    return heartbeat.build();
  }

  @Override
  public String toString() {
    return "(" + id(device) + ", boot " + boot + ", sequence " + sequence + ")";
  }
}
