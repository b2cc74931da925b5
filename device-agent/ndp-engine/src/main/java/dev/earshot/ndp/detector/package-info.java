/**
 * From scores to wakes: smoothing, threshold, refractory time, for each word of a release. All of
 * it parameters that travel with a release, none of it code.
 */
@NullMarked
package dev.earshot.ndp.detector;

import org.jspecify.annotations.NullMarked;
