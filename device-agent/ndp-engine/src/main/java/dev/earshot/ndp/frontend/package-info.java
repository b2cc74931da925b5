/**
 * From audio to features: overlapping windows, power spectrum, mel bands, decibels, scaled to [0,
 * 1]. Incremental: the same samples give the same frames, whatever the chunks. {@code LogMel} is
 * the arithmetic and is shared by the devices of a thread; {@code StreamingFrontEnd} is one
 * device's window of audio.
 */
@NullMarked
package dev.earshot.ndp.frontend;

import org.jspecify.annotations.NullMarked;
