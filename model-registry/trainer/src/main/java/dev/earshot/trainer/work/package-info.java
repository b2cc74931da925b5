/** Threads that do not change the result, and lines that say how far a long job is. */
@NullMarked
package dev.earshot.trainer.work;

import org.jspecify.annotations.NullMarked;
