package dev.earshot.simulator.measure;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.simulator.device.LinkError;
import dev.earshot.simulator.device.Uplink;
import java.util.concurrent.CompletionStage;

/** Times what another uplink does and counts its errors. */
public final class MeasuredUplink implements Uplink {
  private final Uplink uplink;
  private final Meter meter;

  public MeasuredUplink(Uplink uplink, Meter meter) {
    this.uplink = uplink;
    this.meter = meter;
  }

  @Override
  public Session connect(DeviceId id, Listener listener) {
    return new Measured(uplink.connect(id, new Ear(listener)));
  }

  private final class Measured implements Session {
    private final Session session;

    Measured(Session session) {
      this.session = session;
    }

    @Override
    public CompletionStage<Void> publish(Channel channel, byte[] payload) {
      long began = System.nanoTime();
      return session
          .publish(channel, payload)
          .thenRun(() -> meter.took(Operation.ACKNOWLEDGE, System.nanoTime() - began));
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private final class Ear implements Listener {
    private final Listener listener;
    private final long began = System.nanoTime();

    Ear(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void up() {
      meter.took(Operation.CONNECT, System.nanoTime() - began);
      listener.up();
    }

    @Override
    public void down(String reason) {
      meter.failed("other");
      listener.down(reason);
    }

    @Override
    public void down(LinkError error, String reason) {
      meter.failed(error.label());
      listener.down(error, reason);
    }

    @Override
    public void command(byte[] payload) {
      listener.command(payload);
    }
  }
}
