package dev.earshot.agent;

/**
 * What became of this boot's heartbeats: {@code made = acknowledged + dropped + unsent}.
 *
 * @param heartbeatsMade intervals closed, and those of earlier boots that waited when this one
 *     began
 * @param heartbeatsAcknowledged taken over by the gateway
 * @param heartbeatsDropped given up because too many waited, or unreadable
 */
public record Counters(long heartbeatsMade, long heartbeatsAcknowledged, long heartbeatsDropped) {}
