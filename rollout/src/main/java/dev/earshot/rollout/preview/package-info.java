/**
 * The dry run: what a plan would do to the fleet as it is now, and what its gates could see, before
 * anybody is told anything. Pure arithmetic on a plan and a count of devices; begin with {@link
 * dev.earshot.rollout.preview.RolloutPreview}.
 */
@NullMarked
package dev.earshot.rollout.preview;

import org.jspecify.annotations.NullMarked;
