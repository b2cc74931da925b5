/** Tests of measurements. */
@NullMarked
package dev.earshot.simulator.measure;

import org.jspecify.annotations.NullMarked;
