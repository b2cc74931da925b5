/** Tests of devices in virtual time, without sockets. */
@NullMarked
package dev.earshot.simulator.device;

import org.jspecify.annotations.NullMarked;
