/**
 * How well a simulated fleet is served, by the machine's clock: times to connect, to be
 * acknowledged and to download as HdrHistograms, and errors by reason. Kept apart from the devices,
 * whose world runs on the fleet's clock; what several processes measured adds up exactly.
 */
@NullMarked
package dev.earshot.simulator.measure;

import org.jspecify.annotations.NullMarked;
