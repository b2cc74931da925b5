package dev.earshot.registry.release;

import dev.earshot.ndp.ModelSummary;
import dev.earshot.protocol.release.Evaluation;

/**
 * What the files of a release say: its card, what was measured, and what the engine finds in its
 * model. Never changes, because the manifest names the files by digest.
 */
public record ReleaseDetails(ReleaseCard card, Evaluation evaluation, ModelSummary model) {}
