package dev.earshot.simulator.device;

import dev.earshot.protocol.DeviceId;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Sessions over MQTT 3.1.1 with the Vert.x client, spread over the gateways by turns; a device that
 * comes back is likely to come back to another one.
 */
public final class MqttUplink implements Uplink {
  private final Vertx vertx;
  private final List<GatewayAddress> gateways;
  private int turn;

  /** To be used on the event loop that it is created on. */
  public MqttUplink(Vertx vertx, List<GatewayAddress> gateways) {
    this.vertx = vertx;
    this.gateways = List.copyOf(gateways);
  }

  @Override
  public Session connect(DeviceId id, Listener listener) {
    GatewayAddress gateway = gateways.get(turn++ % gateways.size());
    MqttSession session = new MqttSession(vertx, id, listener);
    session.open(gateway);
    return session;
  }
}
