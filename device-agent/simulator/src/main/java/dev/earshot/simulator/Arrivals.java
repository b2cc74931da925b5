package dev.earshot.simulator;

import dev.earshot.simulator.device.DeviceLoop;
import dev.earshot.simulator.device.SimulatedDevice;
import dev.earshot.simulator.scenario.Scenario.Arrival;
import java.time.Duration;
import java.util.List;

/** Switches the devices of one loop on, as the scenario says. Runs on that loop. */
final class Arrivals {
  private static final Duration STEP = Duration.ofMillis(20);

  private final List<SimulatedDevice> devices;
  private final DeviceLoop loop;
  private final Arrival arrival;
  private final double perSecond;
  private final long beginFleetMillis;
  private final long beginNanos = System.nanoTime();
  private int done;

  /**
   * @param perSecond this loop's part of the most that come on in a second of machine time
   */
  Arrivals(List<SimulatedDevice> devices, DeviceLoop loop, Arrival arrival, double perSecond) {
    this.devices = devices;
    this.loop = loop;
    this.arrival = arrival;
    this.perSecond = perSecond;
    this.beginFleetMillis = loop.monotonicMillis();
  }

  void begin() {
    loop.execute(this::step);
  }

  private void step() {
    double elapsedSeconds = (System.nanoTime() - beginNanos + STEP.toNanos()) / 1e9;
    double wanted = arrival.shareBy(loop.monotonicMillis() - beginFleetMillis) * devices.size();
    int due = (int) Math.ceil(Math.min(wanted, elapsedSeconds * perSecond));
    due = Math.min(devices.size(), due);
    while (done < due) {
      devices.get(done++).powerOn();
    }
    if (done < devices.size()) {
      var _ = loop.afterMachine(STEP, this::step);
    }
  }
}
