/**
 * What a registry knows, as one immutable state, and how that changes: a decision looks at the
 * newest state and gives records, which are written together or not at all. Knows neither Kafka nor
 * HTTP.
 */
@NullMarked
package dev.earshot.registry.ledger;

import org.jspecify.annotations.NullMarked;
