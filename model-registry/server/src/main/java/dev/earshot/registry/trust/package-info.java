/**
 * The trust plane: takes what offline keys signed, checks that clients can follow it, and signs
 * with the online key that this is the newest. It can hold back, but not invent: no release gets
 * onto a device without its publisher's keys. Knows neither Kafka nor HTTP.
 */
@NullMarked
package dev.earshot.registry.trust;

import org.jspecify.annotations.NullMarked;
