/**
 * The life of a rollout: its states, what moves it, and the conductor that weighs what the devices
 * say and decides. Pure: no Kafka, no HTTP, no clock of its own. Begin with {@link
 * dev.earshot.rollout.lifecycle.Conductor}.
 */
@NullMarked
package dev.earshot.rollout.lifecycle;

import org.jspecify.annotations.NullMarked;
