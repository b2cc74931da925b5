/** Tests of virtual time with the real topologies in it. */
@NullMarked
package dev.earshot.cli.simulate;

import org.jspecify.annotations.NullMarked;
