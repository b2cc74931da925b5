/** The Kafka Streams topology of fleet health (exactly once), and reading its stores. */
@NullMarked
package dev.earshot.monitoring.stream;

import org.jspecify.annotations.NullMarked;
