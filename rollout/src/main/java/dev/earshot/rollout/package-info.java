/**
 * Staged rollouts that are gated by how the model behaves. {@link dev.earshot.rollout.Rollouts}
 * starts the service. Decisions are pure and live in {@code plan}, {@code cohort}, {@code stage},
 * {@code assignment}, {@code lifecycle}, {@code evidence} and {@code gate}; {@code stream} and
 * {@code http} carry them out.
 */
@NullMarked
package dev.earshot.rollout;

import org.jspecify.annotations.NullMarked;
