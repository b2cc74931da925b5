package dev.earshot.agent;

import dev.earshot.agent.port.Fetcher;
import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.Listening;
import dev.earshot.agent.port.Outbox;
import dev.earshot.agent.port.Supply;
import dev.earshot.agent.port.Timers;
import dev.earshot.agent.port.Transport;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * The world of one agent.
 *
 * @param clock the device's wall clock, which shows fleet time and may be wrong
 * @param random spreads heartbeats and retries, so that a fleet does not move in step
 * @param supply battery and charger, which an install may have to wait for
 * @param outbox where heartbeats wait
 */
public record AgentPorts(
    Transport transport,
    Fetcher fetcher,
    Flash flash,
    Listening listening,
    Timers timers,
    InstantSource clock,
    RandomGenerator random,
    Supply supply,
    Outbox outbox) {

  /** The same world behind another way to fetch. */
  AgentPorts with(Fetcher other) {
    return new AgentPorts(
        transport, other, flash, listening, timers, clock, random, supply, outbox);
  }
}
