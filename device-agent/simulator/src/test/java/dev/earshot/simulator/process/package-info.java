/** Tests of fleets in several processes. */
@NullMarked
package dev.earshot.simulator.process;

import org.jspecify.annotations.NullMarked;
