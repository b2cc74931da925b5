/**
 * The gateway's side of Kafka: one idempotent producer for all that devices send, one consumer for
 * the commands. The only package that imports org.apache.kafka.
 */
@NullMarked
package dev.earshot.gateway.stream;

import org.jspecify.annotations.NullMarked;
