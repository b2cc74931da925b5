/** Proofs of the gates: against independent computations, by enumeration, and by simulation. */
@NullMarked
package dev.earshot.rollout.gate;

import org.jspecify.annotations.NullMarked;
