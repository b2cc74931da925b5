/** Tests of what the world knows about releases. */
@NullMarked
package dev.earshot.simulator.registry;

import org.jspecify.annotations.NullMarked;
