/**
 * The gateway's MQTT contract, byte by byte: a client that knows no MQTT library sends packets that
 * are right, wrong, split and glued, and compares what comes back with what the specifications
 * (OASIS MQTT 3.1.1 and 5.0) and the gateway's README promise. Kafka is real, sockets are real.
 */
@NullMarked
package dev.earshot.gateway.wire;

import org.jspecify.annotations.NullMarked;
