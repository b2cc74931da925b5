package dev.earshot.cli.bench.gateway;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Slot;
import java.util.SplittableRandom;

/** The messages that are sent: heartbeats that a gateway takes, of a fixed size. */
final class Payloads {
  /** Bytes of every payload. */
  static final int BYTES = 200;

  private static final String FLEET = "bench";
  private static final int BUCKETS = 32;
  private static final int DIGEST_BYTES = 32;
  private static final long START_MS = 1_700_000_000_000L;

  private Payloads() {}

  /** The device of a connection. */
  static DeviceId device(int number) {
    return new DeviceId(FLEET, "device-%05d".formatted(number));
  }

  /**
   * A heartbeat of {@value #BYTES} bytes; each device's is another, so that batches compress as
   * they would with a real fleet.
   */
  static byte[] heartbeat(int device) {
    SplittableRandom random = new SplittableRandom(device);
    byte[] digest = new byte[DIGEST_BYTES];
    new SplittableRandom(device % 3).nextBytes(digest);
    Heartbeat.Builder heartbeat =
        Heartbeat.newBuilder()
            .setBootId(1 + random.nextInt(9))
            .setSequence(random.nextInt(100_000))
            .setIntervalStartMs(START_MS + random.nextInt())
            .setIntervalMs(60_000)
            .setUptimeMs(random.nextInt(1 << 30))
            .setModelDigest(ByteString.copyFrom(digest))
            .setSlot(Slot.SLOT_A)
            .setEnvironment(Environment.KITCHEN)
            .setListeningMs(50_000 + random.nextInt(10_000))
            .setWakes(random.nextInt(5))
            .setInferences(random.nextInt(10_000))
            .setNdpEnergyUj(random.nextInt(1 << 20))
            .setBatterySocPct(random.nextInt(100))
            .setOperationalCrashfreeMs(60_000)
            .setConnectivityConnectedMs(60_000)
            .setConnectivityExpectedMs(60_000);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      heartbeat.addScoreHistogram(random.nextInt(100));
    }
    String release = "hey-nova:1.1.0-";
    int missing = BYTES - heartbeat.setRelease(release).build().getSerializedSize();
    return heartbeat.setRelease(release + "x".repeat(missing)).build().toByteArray();
  }
}
