/** Tests of what the world knows about releases. */
@NullMarked
package dev.earshot.simulator.audio;

import org.jspecify.annotations.NullMarked;
