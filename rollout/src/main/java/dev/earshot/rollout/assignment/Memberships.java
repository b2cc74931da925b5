package dev.earshot.rollout.assignment;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.CohortDevice;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.rollout.cohort.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says who belongs to which rollout's cohort, and where in it. The answers about the device that
 * was asked about last are remembered, because a look at a device asks several times. More is not
 * worth its memory: an expression takes about 0.35 microseconds and the hashes 0.13, as much as
 * finding the device in the store, and a table of all devices for each rollout would have to fit
 * the heap. For use by one thread.
 */
public final class Memberships {
  private final Map<String, Member> byRollout = new HashMap<>();
  private @Nullable DeviceId asked;

  private record Member(boolean matches, Position position) {}

  /** Whether the device's attributes fit the cohort and the release. */
  boolean matches(Directive directive, DeviceId id, DeviceRecord device) {
    return member(directive, id, device).matches();
  }

  Position position(Directive directive, DeviceId id, DeviceRecord device) {
    return member(directive, id, device).position();
  }

  /** Must be called when a device's attributes or active release have changed. */
  void forget(DeviceId id) {
    if (id.equals(asked)) {
      byRollout.clear();
    }
  }

  /** Drops what is remembered about other rollouts than these. */
  public void retain(Set<String> rollouts) {
    byRollout.keySet().retainAll(rollouts);
  }

  private Member member(Directive directive, DeviceId id, DeviceRecord device) {
    if (!id.equals(asked)) {
      byRollout.clear();
      asked = id;
    }
    return byRollout.computeIfAbsent(directive.id(), rollout -> compute(directive, id, device));
  }

  private static Member compute(Directive directive, DeviceId id, DeviceRecord device) {
    boolean chipFits =
        directive.snapshot().getTarget().getChipsList().contains(device.getAttributes().getChip());
    boolean matches = chipFits && directive.cohort().matches(attributes(id, device));
    return new Member(matches, Position.of(directive.snapshot().getSeed(), id));
  }

  static CohortDevice attributes(DeviceId id, DeviceRecord device) {
    return CohortDevice.newBuilder()
        .setId(id.device())
        .setFleet(id.fleet())
        .setChip(device.getAttributes().getChip())
        .setRegion(device.getAttributes().getRegion())
        .setFirmware(device.getAttributes().getFirmware())
        .setHardware(device.getAttributes().getHardware())
        .setRelease(device.getActiveRelease())
        .build();
  }
}
