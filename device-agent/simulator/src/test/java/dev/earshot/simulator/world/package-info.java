/** Tests of what happens to devices, against the figures that it is drawn from. */
@NullMarked
package dev.earshot.simulator.world;

import org.jspecify.annotations.NullMarked;
