/** What Prometheus and people are shown. */
@NullMarked
package dev.earshot.monitoring.http;

import org.jspecify.annotations.NullMarked;
