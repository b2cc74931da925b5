package dev.earshot.simulator.device;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Fault.Kind;
import dev.earshot.simulator.world.RandomStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;

/**
 * Several gateways by turns, of which some are away at times: while one is, its connections are
 * gone and new ones are refused. Used on the loop of its devices.
 */
final class Gateways implements Uplink {
  private static final long STREAM = 9;
  private static final Duration REFUSED_AFTER = Duration.ofMillis(5);

  private final List<Uplink> gateways;
  private final List<Set<Line>> lines = new ArrayList<>();
  private final boolean[] away;
  private final DeviceLoop loop;
  private int turn;
  private boolean calm;

  private Gateways(List<Uplink> gateways, DeviceLoop loop) {
    this.gateways = List.copyOf(gateways);
    this.away = new boolean[gateways.size()];
    this.loop = loop;
    gateways.forEach(gateway -> lines.add(new LinkedHashSet<>()));
  }

  /**
   * The gateways as the plan lets them be.
   *
   * @param all reaches all of them by turns; used when none is ever away
   * @param one reaches the one with that number, from 0
   */
  static Uplink of(
      Uplink all,
      int count,
      IntFunction<Uplink> one,
      FaultPlan plan,
      long seed,
      DeviceLoop loop,
      InstantSource clock) {
    List<Fault> losses = plan.of(Kind.GATEWAY_LOSS);
    if (losses.isEmpty()) {
      return all;
    }
    List<Uplink> each = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      each.add(one.apply(number));
    }
    Gateways gateways = new Gateways(each, loop);
    long now = clock.millis();
    for (int i = 0; i < losses.size(); i++) {
      Fault loss = losses.get(i);
      List<Integer> lost = chosen(count, loss.rate(), RandomStream.of(seed, STREAM, i));
      gateways.after(plan.at(loss.from()) - now, () -> gateways.leave(lost));
      gateways.after(plan.at(loss.until()) - now, () -> gateways.comeBack(lost));
    }
    return gateways;
  }

  /** That share of them, rounded, but at least one when it is not zero. */
  private static List<Integer> chosen(int count, double share, RandomStream random) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(random.nextInt(i + 1), i);
    }
    int lost = share == 0 ? 0 : (int) Math.max(1, Math.round(share * count));
    return List.copyOf(all.subList(0, lost));
  }

  private void after(long millis, Runnable task) {
    if (millis <= 0) {
      loop.execute(task);
    } else {
      var _ = loop.afterFleet(Duration.ofMillis(millis), task);
    }
  }

  @Override
  public Session connect(DeviceId id, Listener listener) {
    int number = turn++ % gateways.size();
    if (!away[number]) {
      return new Line(number, id, listener);
    }
    Refused refused = new Refused(id);
    var _ =
        loop.afterMachine(
            REFUSED_AFTER,
            () -> {
              if (!refused.closed) {
                refused.closed = true;
                listener.down("gateway " + number + " is away");
              }
            });
    return refused;
  }

  @Override
  public void calm() {
    calm = true;
    Arrays.fill(away, false);
    gateways.forEach(Uplink::calm);
  }

  private void leave(List<Integer> numbers) {
    if (calm) {
      return;
    }
    for (int number : numbers) {
      away[number] = true;
      for (Line line : List.copyOf(lines.get(number))) {
        line.breakOff();
      }
    }
  }

  private void comeBack(List<Integer> numbers) {
    numbers.forEach(number -> away[number] = false);
  }

  private static final class Refused implements Session {
    private final DeviceId id;
    private boolean closed;

    Refused(DeviceId id) {
      this.id = id;
    }

    @Override
    public CompletionStage<Void> publish(Channel channel, byte[] payload) {
      return CompletableFuture.failedFuture(new IOException(id + ": not connected"));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** A connection to a gateway that may go away. */
  private final class Line implements Session, Listener {
    private final int gateway;
    private final Listener listener;
    private final Session session;
    private boolean ended;

    Line(int gateway, DeviceId id, Listener listener) {
      this.gateway = gateway;
      this.listener = listener;
      lines.get(gateway).add(this);
      this.session = gateways.get(gateway).connect(id, this); // does not call back from within
    }

    void breakOff() {
      if (!ended) {
        session.close();
        down("gateway " + gateway + " is away");
      }
    }

    @Override
    public CompletionStage<Void> publish(Channel channel, byte[] payload) {
      return session.publish(channel, payload);
    }

    @Override
    public void close() {
      if (!ended) {
        end();
        session.close();
      }
    }

    @Override
    public void up() {
      listener.up();
    }

    @Override
    public void down(String reason) {
      if (!ended) {
        end();
        listener.down(reason);
      }
    }

    @Override
    public void command(byte[] payload) {
      if (!ended) {
        listener.command(payload);
      }
    }

    private void end() {
      ended = true;
      lines.get(gateway).remove(this);
    }
  }
}
