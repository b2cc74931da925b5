package dev.earshot.agent.update;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.earshot.protocol.v1.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a device remembers over a power cut, except the files in its slots.
 *
 * @param bootId counts the boots; 0 before the first
 * @param active the slot that the device starts with
 * @param slotA what slot A holds; null when it holds nothing that is complete and verified
 * @param slotB what slot B holds
 * @param floors for each release name, the counter that its next install must exceed; at most 8
 * @param highestCounter the highest counter that was ever committed; 0 for none
 * @param state where the update is
 * @param report how the newest finished command ended; null when none ever did
 * @param finished ids of the newest commands that are over, so that a late repetition is not done
 *     twice; at most 8
 * @param lastOrder the director's newest order that was taken
 */
public record DeviceRecord(
    int bootId,
    Slot active,
    @Nullable Content slotA,
    @Nullable Content slotB,
    List<Floor> floors,
    int highestCounter,
    UpdateState state,
    @Nullable Report report,
    List<String> finished,
    LastOrder lastOrder) {

  private static final int REMEMBERED = 8;

  public DeviceRecord {
    Slots.require(active);
    if (bootId < 0) {
      throw new IllegalArgumentException("bootId: " + bootId + " (expected: >= 0)");
    }
    floors = List.copyOf(floors);
    finished = List.copyOf(finished);
    // written by an agent that took commands without orders
    lastOrder = Objects.requireNonNullElse(lastOrder, LastOrder.NONE);
  }

  /** The least counter that was committed for a name. */
  public record Floor(String name, int counter) {}

  /** A device as it leaves the factory: one release in slot A. */
  public static DeviceRecord factory(Content content) {
    return new DeviceRecord(
        0,
        Slot.SLOT_A,
        content,
        null,
        List.of(new Floor(content.release().name(), content.counter())),
        content.counter(),
        new UpdateState.Idle(),
        null,
        List.of(),
        LastOrder.NONE);
  }

  /** What a slot holds. */
  public Optional<Content> content(Slot slot) {
    return Optional.ofNullable(Slots.require(slot) == Slot.SLOT_A ? slotA : slotB);
  }

  /** What the device starts with. */
  @JsonIgnore
  public Optional<Content> activeContent() {
    return content(active);
  }

  /** The counter that an install of that name must exceed; 0 when any will do. */
  public int floor(String name) {
    return floors.stream()
        .filter(floor -> floor.name().equals(name))
        .mapToInt(Floor::counter)
        .findFirst()
        .orElse(0);
  }

  /** Whether that command is over, or is being worked on. */
  public boolean knows(String commandId) {
    return finished.contains(commandId)
        || state.work().map(job -> job.commandId().equals(commandId)).orElse(false);
  }

  DeviceRecord withState(UpdateState next) {
    return new DeviceRecord(
        bootId, active, slotA, slotB, floors, highestCounter, next, report, finished, lastOrder);
  }

  DeviceRecord withBoot() {
    return new DeviceRecord(
        bootId + 1, active, slotA, slotB, floors, highestCounter, state, report, finished, lastOrder);
  }

  DeviceRecord withActive(Slot slot) {
    return new DeviceRecord(
        bootId, slot, slotA, slotB, floors, highestCounter, state, report, finished, lastOrder);
  }

  DeviceRecord withContent(Slot slot, @Nullable Content content) {
    boolean a = Slots.require(slot) == Slot.SLOT_A;
    return new DeviceRecord(
        bootId,
        active,
        a ? content : slotA,
        a ? slotB : content,
        floors,
        highestCounter,
        state,
        report,
        finished,
        lastOrder);
  }

  DeviceRecord withFloor(Content committed) {
    List<Floor> next = new ArrayList<>();
    next.add(new Floor(committed.release().name(), committed.counter()));
    floors.stream()
        .filter(floor -> !floor.name().equals(committed.release().name()))
        .limit(REMEMBERED - 1)
        .forEach(next::add);
    return new DeviceRecord(
        bootId,
        active,
        slotA,
        slotB,
        next,
        Math.max(highestCounter, committed.counter()),
        state,
        report,
        finished,
        lastOrder);
  }

  /** That order is taken; goes into the same record as what it leads to. */
  public DeviceRecord withOrder(LastOrder taken) {
    return new DeviceRecord(
        bootId,
        active,
        slotA,
        slotB,
        floors,
        highestCounter,
        state,
        report,
        finished,
        taken.after(lastOrder));
  }

  /** That command will not be worked on again. */
  DeviceRecord withFinished(String commandId) {
    List<String> ids = new ArrayList<>();
    ids.add(commandId);
    finished.stream().filter(id -> !id.equals(commandId)).limit(REMEMBERED - 1).forEach(ids::add);
    return new DeviceRecord(
        bootId, active, slotA, slotB, floors, highestCounter, state, report, ids, lastOrder);
  }

  /** Idle again, with this to tell. */
  DeviceRecord ended(Report told) {
    DeviceRecord done = withFinished(told.commandId());
    return new DeviceRecord(
        bootId,
        active,
        slotA,
        slotB,
        floors,
        highestCounter,
        new UpdateState.Idle(),
        told,
        done.finished,
        lastOrder);
  }
}
