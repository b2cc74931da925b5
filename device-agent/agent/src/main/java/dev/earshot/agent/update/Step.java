package dev.earshot.agent.update;

import java.util.List;

/** What an event leads to. */
public sealed interface Step {
  /** The record moves; the effects are due once it is safe. */
  record Moved(DeviceRecord next, List<Effect> effects) implements Step {
    public Moved {
      effects = List.copyOf(effects);
    }
  }

  /** The event has no place in this state; nothing changes. */
  record Refused(String reason) implements Step {}
}
