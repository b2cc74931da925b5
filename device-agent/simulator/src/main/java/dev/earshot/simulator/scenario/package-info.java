/**
 * What is to be simulated, as people write it down: who the devices are, what they live through,
 * what goes wrong, which rollouts are started, and what is expected to come of it. Values only; a
 * scenario knows nothing of how it is run.
 */
@NullMarked
package dev.earshot.simulator.scenario;

import org.jspecify.annotations.NullMarked;
