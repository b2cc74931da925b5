/** Tests of virtual time. */
@NullMarked
package dev.earshot.simulator.virtual;

import org.jspecify.annotations.NullMarked;
