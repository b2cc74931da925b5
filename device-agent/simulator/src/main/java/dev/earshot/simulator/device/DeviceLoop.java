package dev.earshot.simulator.device;

import dev.earshot.agent.port.Timers;
import java.util.concurrent.Executor;

/**
 * The thread that a device lives on: time passes on it, and what is executed runs on it, later.
 * {@link #execute} may be called from any thread, everything else only on the loop.
 */
public interface DeviceLoop extends Timers, Executor {}
