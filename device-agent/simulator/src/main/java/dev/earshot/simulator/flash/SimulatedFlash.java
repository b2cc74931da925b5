package dev.earshot.simulator.flash;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One device's flash: two records and two slots in memory, what is synced also in a {@link
 * FlashStore}. Complete files, and what devices believe, are shared over the fleet, so a device
 * costs a few hundred bytes. A
 * simulated power cut leaves everything that was appended, and so does an orderly end of the
 * process; a killed one leaves what was synced. Used by one thread at a time.
 */
public final class SimulatedFlash implements Flash {
  /** The NDP120's memory for networks, twice, is what a slot of such a device holds. */
  private static final long SLOT_CAPACITY_BYTES = 2 << 20;

  private final int device;
  private final ImagePool pool;
  private final FlashStore store;
  private final Map<Slot, Map<Part, Content>> slots = new EnumMap<>(Slot.class);
  private final Set<Slot> unsynced = EnumSet.noneOf(Slot.class);
  private byte @Nullable [] record;
  private @Nullable Image trust;

  /** A blank one. */
  public SimulatedFlash(int device, ImagePool pool, FlashStore store) {
    this.device = device;
    this.pool = pool;
    this.store = store;
    slots.put(Slot.SLOT_A, new EnumMap<>(Part.class));
    slots.put(Slot.SLOT_B, new EnumMap<>(Part.class));
  }

  /** One that holds what a store kept. */
  static SimulatedFlash restored(
      int device,
      ImagePool pool,
      FlashStore store,
      byte @Nullable [] record,
      @Nullable Image trust,
      Map<Slot, Map<Part, Image>> slots) {
    SimulatedFlash flash = new SimulatedFlash(device, pool, store);
    flash.record = record;
    flash.trust = trust;
    slots.forEach(
        (slot, parts) ->
            parts.forEach((part, image) -> flash.slot(slot).put(part, new Content(image))));
    return flash;
  }

  @Override
  public Optional<byte[]> readRecord() {
    return Optional.ofNullable(record).map(byte[]::clone);
  }

  @Override
  public void writeRecord(byte[] bytes) throws IOException {
    byte[] copy = bytes.clone();
    store.writeRecord(device, copy);
    record = copy;
  }

  @Override
  public Optional<byte[]> readTrust() {
    return Optional.ofNullable(trust).map(Image::bytes);
  }

  @Override
  public void writeTrust(byte[] bytes) throws IOException {
    Image shared = pool.share(bytes);
    store.writeTrust(device, shared);
    trust = shared;
  }

  @Override
  public long slotCapacityBytes(Slot slot) {
    slot(slot);
    return SLOT_CAPACITY_BYTES;
  }

  @Override
  public void erase(Slot slot) throws IOException {
    if (!slot(slot).isEmpty()) {
      store.writeSlot(device, slot, Map.of());
      slot(slot).clear();
      unsynced.remove(slot);
    }
  }

  @Override
  public long length(Slot slot, Part part) {
    Content content = slot(slot).get(part);
    return content == null ? 0 : content.length;
  }

  @Override
  public void append(Slot slot, Part part, byte[] bytes) throws IOException {
    long used = slot(slot).values().stream().mapToLong(content -> content.length).sum();
    if (used + bytes.length > SLOT_CAPACITY_BYTES) {
      throw new IOException(
          "flash is full: slot "
              + slot
              + " holds "
              + used
              + " of "
              + SLOT_CAPACITY_BYTES
              + " bytes, "
              + bytes.length
              + " more do not fit (fix: publish a smaller model)");
    }
    slot(slot).computeIfAbsent(part, key -> new Content()).append(bytes);
    unsynced.add(slot);
  }

  @Override
  public void sync(Slot slot) throws IOException {
    Map<Part, Image> images = new EnumMap<>(Part.class);
    slot(slot).forEach((part, content) -> images.put(part, content.image(pool)));
    store.writeSlot(device, slot, images);
    unsynced.remove(slot);
  }

  @Override
  public byte[] read(Slot slot, Part part) {
    Content content = slot(slot).get(part);
    return content == null ? new byte[0] : content.image(pool).bytes();
  }

  @Override
  public Digest digest(Slot slot, Part part) {
    Content content = slot(slot).get(part);
    return content == null ? Digest.of(new byte[0]) : content.image(pool).digest();
  }

  /** Before an orderly end of the process: what was appended survives it, too. */
  void syncAll() throws IOException {
    for (Slot slot : EnumSet.copyOf(slots.keySet())) {
      if (unsynced.contains(slot)) {
        sync(slot);
      }
    }
  }

  private Map<Part, Content> slot(Slot slot) {
    Map<Part, Content> found = slots.get(slot);
    if (found == null) {
      throw new IllegalArgumentException("slot: " + slot + " (expected: SLOT_A or SLOT_B)");
    }
    return found;
  }

  /** A file that may still grow; once somebody has read it whole, it is shared. */
  private static final class Content {
    private byte[] bytes;
    private int length;
    private boolean own;
    private @Nullable Image image;

    Content() {
      this.bytes = new byte[0];
    }

    Content(Image image) {
      this.bytes = image.bytes();
      this.length = bytes.length;
      this.image = image;
    }

    void append(byte[] more) {
      if (more.length == 0) {
        return;
      }
      image = null;
      if (length == 0) {
        bytes = more; // belongs to nobody, by contract: kept as it is
        length = more.length;
        own = false;
        return;
      }
      int needed = length + more.length;
      if (!own || needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(2 * length, length + (64 << 10))));
        own = true;
      }
      System.arraycopy(more, 0, bytes, length, more.length);
      length = needed;
    }

    Image image(ImagePool pool) {
      Image known = image;
      if (known == null) {
        known = pool.share(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        image = known;
        bytes = known.bytes();
        own = false;
      }
      return known;
    }
  }
}
