/** Tests of {@code earshot simulate} as people type it. */
@NullMarked
package dev.earshot.simulator.command;

import org.jspecify.annotations.NullMarked;
