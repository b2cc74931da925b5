/**
 * What a heartbeat, a status, an assignment or a session event changes in what is known: pure
 * functions on values.
 */
@NullMarked
package dev.earshot.monitoring.health;

import org.jspecify.annotations.NullMarked;
