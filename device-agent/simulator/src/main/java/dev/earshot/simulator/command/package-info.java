/** {@code earshot simulate}: a fleet from the command line. */
@NullMarked
package dev.earshot.simulator.command;

import org.jspecify.annotations.NullMarked;
