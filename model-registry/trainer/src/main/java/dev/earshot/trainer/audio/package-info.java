/**
 * Sound as numbers: clips at 16 kHz, filters, noise colours, a room's echo, and the seeds that make
 * all of it repeatable. Knows nothing of speech or of networks.
 */
@NullMarked
package dev.earshot.trainer.audio;

import org.jspecify.annotations.NullMarked;
