/** Tests of whole fleets, over real sockets, and the releases that they install. */
@NullMarked
package dev.earshot.simulator;

import org.jspecify.annotations.NullMarked;
