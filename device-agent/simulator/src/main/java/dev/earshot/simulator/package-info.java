/**
 * A fleet of simulated devices on a few event loops: {@link dev.earshot.simulator.FleetSimulator}
 * connects them to a real gateway and registry, and knows what really happened to them.
 */
@NullMarked
package dev.earshot.simulator;

import org.jspecify.annotations.NullMarked;
