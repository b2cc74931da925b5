/**
 * {@code earshot bench loss}: the proof that nothing acknowledged is lost. A generator numbers
 * every heartbeat and remembers every PUBACK while network, gateway and broker are hurt on a
 * schedule that a seed decides; afterwards the heartbeat topic is read from its beginning and held
 * against what was acknowledged.
 */
@NullMarked
package dev.earshot.cli.loss;

import org.jspecify.annotations.NullMarked;
