package dev.earshot.simulator.virtual;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.SessionEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Everything that was published, commanded and decided, in its order, as one SHA-256. An entry is
 * its kind (1 byte), when it was (8 bytes, Unix milliseconds of fleet time, big endian) and its
 * parts, each with its length (4 bytes) before it. Of a decision: rollout, revision, kind, actor
 * and reason; not its evidence, whose last digits depend on the machine's logarithm. Used by one
 * thread.
 */
final class EventLog {
  private final MessageDigest digest = Digest.sha256();
  private final ByteBuffer head = ByteBuffer.allocate(9);
  private final ByteBuffer number = ByteBuffer.allocate(8);
  private long entries;

  void published(long atMillis, DeviceId id, Channel channel, byte[] payload) {
    begin(
        switch (channel) {
          case HEARTBEAT -> 'h';
          case STATUS -> 's';
          case COMMAND -> 'c';
        },
        atMillis);
    text(id.toString());
    bytes(payload);
  }

  void session(long atMillis, DeviceId id, SessionEvent event) {
    begin('n', atMillis);
    text(id.toString());
    bytes(event.toByteArray());
  }

  void commanded(long atMillis, DeviceId id, DeviceCommand command) {
    begin('c', atMillis);
    text(id.toString());
    bytes(command.toByteArray());
  }

  void decided(long atMillis, RolloutEvent event) {
    begin('d', atMillis);
    text(event.getRollout());
    number.clear().putLong(event.getRevision());
    bytes(number.array());
    text(event.getKind());
    text(event.getActor());
    text(event.getReason());
  }

  /** How many entries there are. */
  long entries() {
    return entries;
  }

  /** The hash in hex; the log ends with it. */
  String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private void begin(char kind, long atMillis) {
    entries++;
    digest.update(head.clear().put((byte) kind).putLong(atMillis).array());
  }

  private void text(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] bytes) {
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
