/**
 * The chips that the engine stands for: what fits them ({@code ChipProfile}, {@code Fit}) and what
 * running there costs ({@code EnergyModel}). The data are files: a chip's limits with the source of
 * each ({@code ndp101.properties}), published results ({@code published.csv}), cells ({@code
 * cells.csv}). Costs are fitted to the published results, each with its residual, and carry an
 * error bar; nothing was measured by us.
 */
@NullMarked
package dev.earshot.ndp.chip;

import org.jspecify.annotations.NullMarked;
