/** Tests of how scenarios are read. */
@NullMarked
package dev.earshot.simulator.scenario;

import org.jspecify.annotations.NullMarked;
