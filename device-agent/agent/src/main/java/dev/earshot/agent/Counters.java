package dev.earshot.agent;

/**
 * What became of this boot's heartbeats: {@code made = acknowledged + dropped + unsent}.
 *
 * @param heartbeatsMade intervals closed
 * @param heartbeatsAcknowledged taken over by the gateway
 * @param heartbeatsDropped given up because too many waited
 */
public record Counters(long heartbeatsMade, long heartbeatsAcknowledged, long heartbeatsDropped) {}
