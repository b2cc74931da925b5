package dev.earshot.simulator.device;

import dev.earshot.agent.AgentSettings;
import dev.earshot.simulator.registry.Catalogue;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.truth.Ledger;
import dev.earshot.simulator.world.DeviceWorld;
import java.time.InstantSource;
import java.util.function.IntFunction;

/**
 * What all devices of a fleet share. Everything in it is safe for use by many threads.
 *
 * @param clock fleet time, which the devices take for the wall clock
 * @param settings of every agent
 * @param catalogue how models behave
 * @param selfTests the engine
 * @param ledger what really happens
 * @param tally what can be watched
 * @param faults what goes wrong
 * @param seed of everything that is drawn
 */
public record FleetServices(
    InstantSource clock,
    AgentSettings settings,
    Catalogue catalogue,
    SelfTests selfTests,
    Ledger ledger,
    FleetTally tally,
    FaultPlan faults,
    long seed) {

  /**
   * The gateways of one loop as the faults let them be.
   *
   * @param one reaches the gateway with that number, from 0
   * @param all reaches all by turns; used when none is ever away
   */
  public Uplink uplink(int gateways, IntFunction<Uplink> one, Uplink all, DeviceLoop loop) {
    return Gateways.of(all, gateways, one, faults, seed, loop, clock);
  }

  /** How the cell of a device of that group ages. */
  public DeviceWorld.Ageing ageing(DeviceGroup group, int device) {
    GroupFaults ofGroup = faults.of(group.name());
    return ofGroup.has(Fault.Kind.BATTERY_AGEING)
        ? new FaultDice(ofGroup, clock, seed, device, 0)::capacityLeft
        : DeviceWorld.Cell.STANDARD.ageing();
  }
}
