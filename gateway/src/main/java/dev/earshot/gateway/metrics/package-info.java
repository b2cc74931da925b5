/**
 * The gateway's counters and gauges. Every label comes from a closed set; none is a device's name.
 */
@NullMarked
package dev.earshot.gateway.metrics;

import org.jspecify.annotations.NullMarked;
