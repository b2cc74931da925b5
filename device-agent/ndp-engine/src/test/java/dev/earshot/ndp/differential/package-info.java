/**
 * The engine beside the real TensorFlow Lite: the same random models, the same random inputs, the
 * same bits. An operator joins by a {@link dev.earshot.ndp.differential.Step} in {@link
 * dev.earshot.ndp.differential.Steps}.
 */
@NullMarked
package dev.earshot.ndp.differential;

import org.jspecify.annotations.NullMarked;
