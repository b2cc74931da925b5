/**
 * Uptane's director: what is ordered of a device is signed by this service's online key, one order
 * for one device and one command.
 */
@NullMarked
package dev.earshot.rollout.director;

import org.jspecify.annotations.NullMarked;
