/**
 * Hostile model files: valid ones whose structure is known, spoiled where it hurts. Whatever comes
 * out must be a model that runs in bounded time and memory, or one clear refusal.
 */
@NullMarked
package dev.earshot.ndp.fuzz;

import org.jspecify.annotations.NullMarked;
