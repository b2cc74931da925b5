package dev.earshot.gateway.mqtt;

import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.impl.MqttEndpointImpl;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Stops and resumes reading a connection's socket. The MQTT server offers no such thing for its
 * endpoints, so this reaches for the socket behind them; a version of the library that moves that
 * field fails here when the class is loaded.
 */
final class SocketReads {
  private static final VarHandle SOCKET;

  static {
    try {
      SOCKET =
          MethodHandles.privateLookupIn(MqttEndpointImpl.class, MethodHandles.lookup())
              .findVarHandle(MqttEndpointImpl.class, "conn", NetSocketInternal.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private SocketReads() {}

  /** Called on the connection's event loop. What was read already is still delivered. */
  static void set(MqttEndpoint endpoint, boolean reading) {
    NetSocketInternal socket = (NetSocketInternal) SOCKET.get((MqttEndpointImpl) endpoint);
    socket.channelHandlerContext().channel().config().setAutoRead(reading);
  }
}
