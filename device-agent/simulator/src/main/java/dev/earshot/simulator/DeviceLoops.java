package dev.earshot.simulator;

import dev.earshot.simulator.device.DeviceLoop;
import dev.earshot.simulator.device.FleetServices;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.device.HttpFetcher;
import dev.earshot.simulator.device.MqttUplink;
import dev.earshot.simulator.device.SimulatedDevice.Surroundings;
import dev.earshot.simulator.device.Uplink;
import dev.earshot.simulator.device.VertxLoop;
import dev.earshot.simulator.measure.MeasuredFetcher;
import dev.earshot.simulator.measure.MeasuredUplink;
import dev.earshot.simulator.measure.Meter;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The event loops of a fleet, each with its clients. */
final class DeviceLoops {
  private static final int DOWNLOADS_AT_A_TIME = 32;
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  private DeviceLoops() {}

  /** Starts that many loops; waits until they run. */
  static List<Surroundings> start(
      Vertx vertx,
      int loops,
      double speed,
      List<GatewayAddress> gateways,
      Placement placement,
      Meter meter,
      FleetServices services) {
    List<Surroundings> started = new CopyOnWriteArrayList<>();
    for (int i = 0; i < loops; i++) {
      var _ =
          vertx
              .deployVerticle(
                  new LoopVerticle(speed, gateways, placement, meter, services, started),
                  new DeploymentOptions())
              .await();
    }
    return List.copyOf(started);
  }

  private static final class LoopVerticle extends VerticleBase {
    private final double speed;
    private final List<GatewayAddress> gateways;
    private final Placement placement;
    private final Meter meter;
    private final FleetServices services;
    private final List<Surroundings> started;

    LoopVerticle(
        double speed,
        List<GatewayAddress> gateways,
        Placement placement,
        Meter meter,
        FleetServices services,
        List<Surroundings> started) {
      this.speed = speed;
      this.gateways = gateways;
      this.placement = placement;
      this.meter = meter;
      this.services = services;
      this.started = started;
    }

    @Override
    public Future<?> start() {
      DeviceLoop loop = new VertxLoop(context, speed);
      started.add(
          new Surroundings(
              loop,
              new MeasuredFetcher(
                  new HttpFetcher(
                      vertx.createHttpClient(
                          new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS),
                          new PoolOptions().setHttp1MaxSize(DOWNLOADS_AT_A_TIME)),
                      context),
                  meter),
              services.uplink(gateways.size(), this::uplink, uplink(gateways), loop)));
      return Future.succeededFuture();
    }

    private Uplink uplink(int gateway) {
      return uplink(List.of(gateways.get(gateway)));
    }

    private Uplink uplink(List<GatewayAddress> some) {
      return new MeasuredUplink(
          new MqttUplink(context, some, placement.sources(), placement.keepAlive()), meter);
    }
  }
}
