package dev.earshot.simulator;

import dev.earshot.simulator.device.DeviceLoop;
import dev.earshot.simulator.device.SimulatedDevice;
import java.time.Duration;
import java.util.List;

/** Switches the devices of one loop on, at a steady pace. Runs on that loop. */
final class Arrivals {
  private static final Duration STEP = Duration.ofMillis(20);

  private final List<SimulatedDevice> devices;
  private final DeviceLoop loop;
  private final double perSecond;
  private final long beginNanos = System.nanoTime();
  private int done;

  /**
   * @param perSecond machine time
   */
  Arrivals(List<SimulatedDevice> devices, DeviceLoop loop, double perSecond) {
    this.devices = devices;
    this.loop = loop;
    this.perSecond = perSecond;
  }

  void begin() {
    loop.execute(this::step);
  }

  private void step() {
    double elapsedSeconds = (System.nanoTime() - beginNanos + STEP.toNanos()) / 1e9;
    int due = (int) Math.min(devices.size(), Math.ceil(elapsedSeconds * perSecond));
    while (done < due) {
      devices.get(done++).powerOn();
    }
    if (done < devices.size()) {
      var _ = loop.afterMachine(STEP, this::step);
    }
  }
}
