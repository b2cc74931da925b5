/**
 * One simulated device: the real agent core, with ports that lead into the virtual world and out to
 * a real gateway and registry. All of a device runs on one event loop, which it shares with
 * thousands of others.
 */
@NullMarked
package dev.earshot.simulator.device;

import org.jspecify.annotations.NullMarked;
