/** Is the study itself right? Its samplers, its simulated rollouts and its statistics. */
@NullMarked
package dev.earshot.rollout.study;

import org.jspecify.annotations.NullMarked;
