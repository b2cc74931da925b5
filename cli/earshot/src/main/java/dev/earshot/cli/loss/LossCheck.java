package dev.earshot.cli.loss;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds what is stored against what was acknowledged. Made when nothing is acknowledged any more;
 * is shown every record of the topic, each partition's in its order. Used by one thread.
 */
final class LossCheck {
  private final Map<Integer, Device> devices = new HashMap<>();
  private final List<String> altered = new ArrayList<>();
  private final List<String> neverSent = new ArrayList<>();
  private long stored;
  private long duplicates;

  /** What became of one device's messages. */
  private static final class Device {
    final DeviceJournal journal;
    final List<Numbered> acknowledged;
    final Set<Numbered> stored = new HashSet<>();

    /** How many acknowledged messages were found one after the other. */
    int inOrder;

    Device(DeviceJournal journal) {
      this.journal = journal;
      this.acknowledged = journal.acknowledgements();
    }
  }

  /**
   * What was found.
   *
   * @param stored records in the topic
   * @param duplicates records beyond the first of their message
   * @param storedUnacknowledged messages that are stored though their device was not told so
   * @param lost acknowledged, and not stored
   * @param altered stored with other bytes
   * @param neverSent stored, and sent by nobody
   * @param misordered devices whose acknowledged messages can't be read in that order
   */
  record Findings(
      long stored,
      long duplicates,
      long storedUnacknowledged,
      List<Numbered> lost,
      List<String> altered,
      List<String> neverSent,
      List<String> misordered) {
    Findings {
      lost = List.copyOf(lost);
      altered = List.copyOf(altered);
      neverSent = List.copyOf(neverSent);
      misordered = List.copyOf(misordered);
    }
  }

  LossCheck(List<DeviceJournal> journals) {
    for (DeviceJournal journal : journals) {
      devices.put(journal.device(), new Device(journal));
    }
  }

  /** Looks at the next record; tells whether it is the first of its message. */
  boolean offer(String key, byte[] value) {
    stored++;
    Optional<Numbered> message;
    try {
      message = Numbered.of(key, Heartbeat.parseFrom(value));
    } catch (InvalidProtocolBufferException e) {
      neverSent.add(key + ": no heartbeat, " + e.getMessage());
      return false;
    }
    Device device = message.map(known -> devices.get(known.device())).orElse(null);
    if (device == null || !device.journal.has(message.orElseThrow())) {
      neverSent.add(message.map(Numbered::toString).orElse(key));
      return false;
    }
    return offer(device, message.orElseThrow(), value);
  }

  private boolean offer(Device device, Numbered message, byte[] value) {
    if (!Arrays.equals(message.payload(), value)) {
      altered.add(message.toString());
      return false;
    }
    // Copies of earlier messages may come between: a device repeats what it does not know to be
    // stored. What was acknowledged must still be there in its order.
    if (device.inOrder < device.acknowledged.size()
        && device.acknowledged.get(device.inOrder).equals(message)) {
      device.inOrder++;
    }
    boolean first = device.stored.add(message);
    if (!first) {
      duplicates++;
    }
    return first;
  }

  /** The result, once every record was offered. */
  Findings findings() {
    List<Numbered> lost = new ArrayList<>();
    List<String> misordered = new ArrayList<>();
    long storedUnacknowledged = 0;
    for (Device device : devices.values()) {
      List<Numbered> missing =
          device.acknowledged.stream().filter(message -> !device.stored.contains(message)).toList();
      lost.addAll(missing);
      storedUnacknowledged +=
          device.stored.size() - (device.acknowledged.size() - (long) missing.size());
      if (missing.isEmpty() && device.inOrder < device.acknowledged.size()) {
        misordered.add(
            device.acknowledged.get(device.inOrder) + " is stored before one acknowledged earlier");
      }
    }
    return new Findings(
        stored, duplicates, storedUnacknowledged, lost, altered, neverSent, misordered);
  }
}
