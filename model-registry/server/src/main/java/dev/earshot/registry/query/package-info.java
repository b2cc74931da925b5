/**
 * Searching releases by what matters, as in {@code chip = ndp120 and fah < 0.5}. A small language
 * over a closed set of typed fields ({@link dev.earshot.registry.query.ReleaseField}), a subset of
 * the filter language of Google's AIP-160: no functions, no loops, so every query ends in time
 * linear in its length. Pure.
 */
@NullMarked
package dev.earshot.registry.query;

import org.jspecify.annotations.NullMarked;
