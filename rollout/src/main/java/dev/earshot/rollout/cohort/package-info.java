/**
 * Which devices a rollout is about, and where each of them lands: a typed expression over device
 * attributes, and a keyed hash that nobody can steer. Pure functions.
 */
@NullMarked
package dev.earshot.rollout.cohort;

import org.jspecify.annotations.NullMarked;
