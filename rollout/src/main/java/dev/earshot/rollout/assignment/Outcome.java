package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for a device.
 *
 * @param device its record from now on; the same object when nothing changed
 * @param commands to be sent to it
 */
public record Outcome(DeviceRecord device, List<DeviceCommand> commands) {
  public Outcome {
    commands = List.copyOf(commands);
  }

  static Outcome unchanged(DeviceRecord device) {
    return new Outcome(device, List.of());
  }

  /** What others are to be told, compared with the record {@code before}; null when nothing. */
  public @Nullable Assignment assignment(DeviceRecord before) {
    Assignment is = Enrolments.message(device.getEnrolment());
    return is.equals(Enrolments.message(before.getEnrolment())) ? null : is;
  }
}
