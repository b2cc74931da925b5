package dev.earshot.simulator.report;

import java.time.Duration;

/**
 * A rollout's step.
 *
 * @param rollout as the scenario names it
 * @param state the word of the state that it is in from then on, lower case
 * @param stage from 1; 0 before the first
 * @param at fleet time since the start
 */
public record RolloutMove(String rollout, String state, int stage, Duration at) {}
