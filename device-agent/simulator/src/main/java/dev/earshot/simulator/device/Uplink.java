package dev.earshot.simulator.device;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import java.util.concurrent.CompletionStage;

/** How devices of one loop reach a gateway. Used, and calling back, on that loop. */
@FunctionalInterface
public interface Uplink {
  /** Starts a session; the listener is never called from within this call. */
  Session connect(DeviceId id, Listener listener);

  /** From now on nothing goes wrong by itself any more; what was away is back. */
  default void calm() {
    // nothing ever goes wrong here by itself
  }

  /** One connection, from its start to its end. */
  interface Session {
    /**
     * Publishes once. Completes when the gateway has acknowledged, exceptionally when the session
     * ends before.
     */
    CompletionStage<Void> publish(MqttTopic.Channel channel, byte[] payload);

    /** Ends the session. The listener hears nothing more; what waits for acknowledgement fails. */
    void close();
  }

  /** Hears about one session. */
  interface Listener {
    /** Connected and subscribed. */
    void up();

    /** Refused, broken or silent; the session's last word, said once. */
    void down(String reason);

    /** The same from an uplink that knows the kind of error; said instead of the other. */
    default void down(LinkError error, String reason) {
      down(reason);
    }

    /** The gateway delivered a command. */
    void command(byte[] payload);
  }
}
