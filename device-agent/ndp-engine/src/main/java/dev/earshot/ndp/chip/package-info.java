/**
 * The chips that the engine stands for: what fits them ({@code ChipProfile}, {@code Fit}) and what
 * running there costs ({@code EnergyModel}). Data from public sources with the source at each
 * figure, and lines fitted to published results with their residuals; nothing measured by us.
 */
@NullMarked
package dev.earshot.ndp.chip;

import org.jspecify.annotations.NullMarked;
