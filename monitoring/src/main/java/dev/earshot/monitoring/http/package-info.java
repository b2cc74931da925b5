/**
 * Fleet health over HTTP: metrics for Prometheus, device views for people and for the {@code
 * earshot} command.
 */
@NullMarked
package dev.earshot.monitoring.http;

import org.jspecify.annotations.NullMarked;
