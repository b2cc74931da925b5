package dev.earshot.rollout.assignment;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.CohortDevice;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.rollout.cohort.Position;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Remembers who belongs to which rollout's cohort, so that expressions and hashes are computed once
 * for each picture of a device and not at every look. For use by one thread.
 */
public final class Memberships {
  private final Map<String, Map<DeviceId, Member>> byRollout = new HashMap<>();

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
    byRollout.values().forEach(members -> members.remove(id));
  }

  /** Drops what is remembered about other rollouts than these. */
  public void retain(Set<String> rollouts) {
    byRollout.keySet().retainAll(new HashSet<>(rollouts));
  }

  private Member member(Directive directive, DeviceId id, DeviceRecord device) {
    return byRollout
        .computeIfAbsent(directive.id(), rollout -> new HashMap<>())
        .computeIfAbsent(id, key -> compute(directive, id, device));
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
