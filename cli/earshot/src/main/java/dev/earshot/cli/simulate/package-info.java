/**
 * {@code earshot simulate} with the services in it: virtual time drives the rollout engine and
 * monitoring, the very topologies that the services run, and {@code --verify} holds what they say
 * against what the simulator knows.
 */
@NullMarked
package dev.earshot.cli.simulate;

import org.jspecify.annotations.NullMarked;
