/**
 * What an operator writes: the plan of a rollout, as YAML or JSON, with the defaults of a careful
 * engineer and errors that name the field. Pure.
 */
@NullMarked
package dev.earshot.rollout.plan;

import org.jspecify.annotations.NullMarked;
