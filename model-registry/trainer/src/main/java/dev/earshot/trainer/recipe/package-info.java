/**
 * A recipe is the whole of what decides a release: words, voices, places, layers, epochs, the rule
 * for the threshold, seeds. It is read strictly; its digest stands in the release's lineage.
 */
@NullMarked
package dev.earshot.trainer.recipe;

import org.jspecify.annotations.NullMarked;
