package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.limits.Limits;
import dev.earshot.gateway.metrics.GatewayMetrics;
import dev.earshot.gateway.stream.Uplink;
import java.time.InstantSource;

/**
 * What all sessions of a gateway share.
 *
 * @param clock the fleet's clock: when a message was received
 */
record SessionServices(
    Uplink uplink,
    Backpressure backpressure,
    Limits limits,
    Sessions sessions,
    SocketReads.Paused paused,
    GatewayMetrics metrics,
    InstantSource clock,
    SessionLog log) {}
