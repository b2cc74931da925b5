package dev.earshot.simulator;

import dev.earshot.agent.port.Flash;
import dev.earshot.simulator.device.FleetServices;
import dev.earshot.simulator.device.SimulatedDevice;
import dev.earshot.simulator.device.SimulatedDevice.Surroundings;
import dev.earshot.simulator.fidelity.Ears;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.DeviceGroup.Fidelity;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.world.DeviceProfile;
import dev.earshot.simulator.world.DeviceWorld;
import dev.earshot.simulator.world.DeviceWorld.Cell;
import dev.earshot.simulator.world.Population;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a scenario's devices, in real and in virtual time. Device {@code i} of a scenario is the
 * same whoever makes it, and whatever comes after it. Safe for use by many threads.
 */
public final class DeviceMaker {
  private final Scenario scenario;
  private final FleetServices services;
  private final List<Part> parts = new ArrayList<>();

  /** A group and the number of its first device. */
  private record Part(DeviceGroup group, int first, Population population, Ears ears) {}

  /** Of a scenario that needs no audio. */
  public DeviceMaker(Scenario scenario, FleetServices services) {
    this(scenario, services, Optional.empty());
  }

  /**
   * @param scenes folder of audio for groups of fidelity {@code audio}
   */
  public DeviceMaker(Scenario scenario, FleetServices services, Optional<Path> scenes) {
    this.scenario = scenario;
    this.services = services;
    int first = 0;
    for (DeviceGroup group : scenario.groups()) {
      parts.add(
          new Part(
              group,
              first,
              new Population(scenario.fleet(), scenario.seed(), group.mix()),
              new Ears(
                  group.mix().dailyAmplitude(),
                  scenario.seed(),
                  scenes.filter(folder -> group.fidelity() == Fidelity.AUDIO))));
      first += group.count();
    }
  }

  /**
   * The device with that number, from 0, switched off.
   *
   * @param flash provisioned by the factory, or by earlier boots
   * @param generation tells its lives apart, so that one that starts again does not live through
   *     the same draws again
   */
  public SimulatedDevice device(
      int index, Flash flash, Surroundings surroundings, long generation) {
    Part part = part(index);
    DeviceGroup group = part.group();
    DeviceProfile profile = part.population().device(index);
    Cell cell =
        new Cell(
            group.battery().capacityMilliwattHours() * group.battery().health(),
            services.ageing(group, index));
    DeviceWorld world =
        new DeviceWorld(
            profile, part.ears().of(group.fidelity(), profile, generation), cell, scenario.seed());
    return new SimulatedDevice(services, world, group, flash, surroundings, generation);
  }

  private Part part(int index) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (index >= parts.get(i).first()) {
        return parts.get(i);
      }
    }
    throw new IllegalArgumentException("index: " + index + " (expected: from 0)");
  }
}
