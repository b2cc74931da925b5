/**
 * The flash of simulated devices: the contents of slots are shared between devices that hold the
 * same files, and survive the process in a journal, so that a killed simulator comes back like a
 * fleet after a power cut.
 */
@NullMarked
package dev.earshot.simulator.flash;

import org.jspecify.annotations.NullMarked;
