/**
 * What devices with real ears hear: recorded or rendered scenes of each environment, from a folder,
 * and what the engine makes of them. The engine hears a scene once for each model, for all devices:
 * it is deterministic. Knows no devices and no time.
 */
@NullMarked
package dev.earshot.simulator.audio;

import org.jspecify.annotations.NullMarked;
