/**
 * The control plane as an instance sees it: rollouts, their events, assignments and releases to
 * read, and requests to make. What the operators' interface is written against.
 */
@NullMarked
package dev.earshot.rollout.control;

import org.jspecify.annotations.NullMarked;
