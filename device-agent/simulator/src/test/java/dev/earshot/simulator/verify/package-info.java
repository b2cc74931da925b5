/** Tests of the comparison of counts. */
@NullMarked
package dev.earshot.simulator.verify;

import org.jspecify.annotations.NullMarked;
