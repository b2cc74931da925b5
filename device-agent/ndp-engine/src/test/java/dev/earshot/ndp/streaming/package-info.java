/** Tests of streaming: whatever the model, a frame at a time equals the whole window. */
@NullMarked
package dev.earshot.ndp.streaming;

import org.jspecify.annotations.NullMarked;
