/**
 * What happens to a simulated device: where it stands, what its detector hears there, how its
 * battery drains. Everything is drawn from one seed and from the evaluation that was measured when
 * the release was trained. Knows no network, no threads and no clock of its own: time is an
 * argument.
 */
@NullMarked
package dev.earshot.simulator.world;

import org.jspecify.annotations.NullMarked;
