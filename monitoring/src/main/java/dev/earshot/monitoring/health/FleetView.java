package dev.earshot.monitoring.health;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.DeviceInterval;
import dev.earshot.protocol.v1.DeviceUpdate;
import dev.earshot.protocol.v1.HealthTotals;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of the fleet: of the partitions that this instance holds. Any thread may read;
 * reads throw {@link NotReady} while partitions move.
 */
public interface FleetView {
  /** The fleet can't be read at this moment; try again. */
  final class NotReady extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotReady(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

  /** A device and what is known of it. */
  record DeviceView(DeviceId id, DeviceHealth health) {}

  /**
   * Which devices are asked for; a null field asks for all.
   *
   * @param silent whether it is silent now
   */
  record DeviceFilter(
      @Nullable String fleet,
      @Nullable String release,
      @Nullable String cohort,
      @Nullable Boolean connected,
      @Nullable Boolean silent) {
    /** Every device. */
    public static final DeviceFilter ALL = new DeviceFilter(null, null, null, null, null);

    /** Whether that device is asked for at that time of the fleet's clock. */
    public boolean admits(DeviceView device, long nowMillis) {
      DeviceHealth health = device.health();
      return (fleet == null || fleet.equals(device.id().fleet()))
          && (release == null || release.equals(health.getRelease()))
          && (cohort == null || cohort.equals(HealthKey.cohort(health)))
          && (connected == null || connected == health.getConnected())
          && (silent == null || silent == Silence.isSilent(health, nowMillis));
    }
  }

  /**
   * A page of devices, sorted by {@code fleet/device}.
   *
   * @param next what {@code after} must be for the rest; null: this is the end
   */
  record DevicePage(List<DeviceView> devices, @Nullable String next) {
    public DevicePage {
      devices = List.copyOf(devices);
    }
  }

  /** One device with its newest intervals and updates, newest first. */
  record DeviceHistory(
      DeviceHealth health, List<DeviceInterval> intervals, List<DeviceUpdate> updates) {
    public DeviceHistory {
      intervals = List.copyOf(intervals);
      updates = List.copyOf(updates);
    }
  }

  /** Empty when everything can be read, else why not. */
  String problem();

  /** The fleet's clock, Unix ms. */
  long nowMillis();

  /** All that is counted, as of the last second or two: never what a crash could take back. */
  FleetSnapshot snapshot();

  /**
   * Devices behind {@code after}. Looks at a bounded number of devices, so that a page may be
   * shorter than {@code limit}, or empty, and still have a next one.
   */
  DevicePage devices(String after, int limit, DeviceFilter filter);

  /** One device; empty when it was never heard of. */
  Optional<DeviceHistory> device(DeviceId id);

  /** Passes on all windows that begin in a span of the fleet's time, in no order. */
  void windows(long fromMillis, long toMillis, BiConsumer<WindowKey, HealthTotals> reader);
}
