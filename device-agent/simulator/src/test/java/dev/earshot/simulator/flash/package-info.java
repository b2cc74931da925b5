/** Tests of the devices' flash and of what survives the process. */
@NullMarked
package dev.earshot.simulator.flash;

import org.jspecify.annotations.NullMarked;
