/**
 * Texts that people write by hand, in YAML or JSON: rollout plans, scenarios. A document knows on
 * which line each field stands; whoever reads it collects everything that is wrong, each with its
 * line, the value, what was expected and a guess at what was meant, before it refuses.
 */
@NullMarked
package dev.earshot.protocol.document;

import org.jspecify.annotations.NullMarked;
