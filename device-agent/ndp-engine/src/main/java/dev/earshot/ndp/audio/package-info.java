/** Audio files, as far as the engine needs them: 16-bit PCM WAV. */
@NullMarked
package dev.earshot.ndp.audio;

import org.jspecify.annotations.NullMarked;
