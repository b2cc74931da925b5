/**
 * From a recipe to the folder of a release: the order of the work, the corpus that releases are
 * judged on, and the files that are written.
 */
@NullMarked
package dev.earshot.trainer.release;

import org.jspecify.annotations.NullMarked;
