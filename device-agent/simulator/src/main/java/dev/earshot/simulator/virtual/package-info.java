/**
 * A fleet without sockets, threads or waiting: devices, gateway and services share one loop whose
 * time passes when there is nothing left to do in it. Everything that is drawn comes from the
 * scenario's seed, so that a scenario always happens in the same way, on any machine. What decides
 * about the fleet stands behind {@link Backend}; this package knows no service.
 */
@NullMarked
package dev.earshot.simulator.virtual;

import org.jspecify.annotations.NullMarked;
