/**
 * How a device changes its model and survives a power cut at any instant. {@link
 * dev.earshot.agent.update.UpdateMachine} is pure: a record and an event give the next record and
 * what to do. The record is written to flash before any of it is done, so a restart finds where it
 * was and goes on.
 */
@NullMarked
package dev.earshot.agent.update;

import org.jspecify.annotations.NullMarked;
