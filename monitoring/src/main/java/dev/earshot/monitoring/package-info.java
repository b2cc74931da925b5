/**
 * Fleet health. Folds every reporting interval exactly once into sums per (fleet, release, chip,
 * region, environment, arm), keeps a view of every device, and shows both: sums as Prometheus
 * metrics, devices over HTTP. {@code health} is the pure part, {@code stream} the only one that
 * knows Kafka, {@code http} the only one that knows Vert.x.
 */
@NullMarked
package dev.earshot.monitoring;

import org.jspecify.annotations.NullMarked;
