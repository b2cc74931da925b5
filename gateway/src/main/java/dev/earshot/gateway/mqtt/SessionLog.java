package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.stream.Uplink;
import dev.earshot.protocol.v1.SessionEvent;
import java.time.InstantSource;

/**
 * Tells Kafka what happens to sessions. Safe for any thread.
 *
 * @param clock the fleet's clock
 * @param instance the gateway's name
 */
record SessionLog(Uplink uplink, InstantSource clock, String instance) {
  /** A connection that does not become a session has no epoch. */
  static final long NO_EPOCH = 0;

  /**
   * Tells it.
   *
   * @param device {@code fleet/device}, as the key of records is
   * @param reason from a closed set of words; may be empty
   */
  void tell(
      byte[] device, SessionEvent.Kind kind, long epoch, String remoteAddress, String reason) {
    uplink.session(
        device,
        SessionEvent.newBuilder()
            .setKind(kind)
            .setEpoch(epoch)
            .setGateway(instance)
            .setRemoteAddress(remoteAddress)
            .setReason(reason)
            .setAtMs(clock.millis())
            .build());
  }
}
