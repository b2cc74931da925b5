package dev.earshot.agent.update;

import dev.earshot.protocol.v1.Slot;

/** The two slots. */
public final class Slots {
  private Slots() {}

  /** A for B, B for A. */
  public static Slot other(Slot slot) {
    return require(slot) == Slot.SLOT_A ? Slot.SLOT_B : Slot.SLOT_A;
  }

  /** {@code A} or {@code B}. */
  public static String label(Slot slot) {
    return require(slot) == Slot.SLOT_A ? "A" : "B";
  }

  static Slot require(Slot slot) {
    return switch (slot) {
      case SLOT_A, SLOT_B -> slot;
      case SLOT_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("slot: " + slot + " (expected: SLOT_A or SLOT_B)");
    };
  }
}
