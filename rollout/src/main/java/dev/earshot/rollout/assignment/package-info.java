/**
 * One device in one rollout: its update's state machine with deadlines, its counts before and after
 * its clock started, the orders that it is given, and its way back. Pure: {@link
 * dev.earshot.rollout.assignment.DeviceDesk} turns a device's record and what it heard into the
 * next record and the messages to send.
 */
@NullMarked
package dev.earshot.rollout.assignment;

import org.jspecify.annotations.NullMarked;
