/**
 * From audio to features: overlapping windows, spectrum, mel bands, logarithms. Two kinds: log-mel
 * in decibels, scaled to [0, 1], and cepstral coefficients (MFCC). Incremental: the same samples
 * give the same frames, whatever the chunks. A {@code FrontEnd} is the arithmetic and is shared by
 * the devices of a thread; {@code StreamingFrontEnd} is one device's window of audio.
 */
@NullMarked
package dev.earshot.ndp.frontend;

import org.jspecify.annotations.NullMarked;
