/**
 * The Kafka side of the rollout service, and the only package that imports Kafka: a Streams
 * topology in two halves (devices, and control), and the control plane as every instance sees it.
 * Decides nothing: decisions are in {@link dev.earshot.rollout.assignment} and {@link
 * dev.earshot.rollout.lifecycle}.
 */
@NullMarked
package dev.earshot.rollout.stream;

import org.jspecify.annotations.NullMarked;
