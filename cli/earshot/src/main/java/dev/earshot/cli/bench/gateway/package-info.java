/**
 * {@code earshot bench gateway}: the gateway beside a raw Kafka producer and a broker that stores
 * nothing, on the same machine in the same run. Whatever is measured, and whatever makes load, is a
 * process of its own ({@code ...Main} classes), so that the processor time of each is known.
 */
@NullMarked
package dev.earshot.cli.bench.gateway;

import org.jspecify.annotations.NullMarked;
