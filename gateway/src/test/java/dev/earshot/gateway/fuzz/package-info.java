/**
 * Hostile clients against a real gateway on a real broker: random sessions that were spoiled in
 * known ways, and attacks that have names. Whatever comes in, the gateway serves the next device in
 * time, says nothing in its log that is not its own fault, answers only what MQTT allows it to
 * answer, and holds no more memory and no more sockets than before.
 *
 * <p>A case is made from one number, its seed, so that what failed can be played again: {@code
 * -Dearshot.fuzz.seed=SEED}. {@code -Dearshot.fuzz.seconds=600} goes on for longer. Cases that
 * found something are kept as bytes in {@code fuzz/cases.hex} and are played in every run.
 */
@NullMarked
package dev.earshot.gateway.fuzz;

import org.jspecify.annotations.NullMarked;
