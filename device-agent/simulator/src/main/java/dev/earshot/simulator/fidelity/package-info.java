/** From a group's fidelity to the ears of its devices. */
@NullMarked
package dev.earshot.simulator.fidelity;

import org.jspecify.annotations.NullMarked;
