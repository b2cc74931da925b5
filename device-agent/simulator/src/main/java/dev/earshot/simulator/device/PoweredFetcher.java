package dev.earshot.simulator.device;

import dev.earshot.agent.port.Fetcher;
import java.util.Arrays;

/**
 * Downloads as one boot sees them: they end with the power, some arrive damaged, some slowly, and
 * in the middle of some the power is cut.
 */
final class PoweredFetcher implements Fetcher {
  private final Fetcher fetcher;
  private final Power power;
  private final FaultDice dice;
  private final DeviceLoop loop;
  private final Runnable cut;

  /**
   * @param cut cuts the power
   */
  PoweredFetcher(Fetcher fetcher, Power power, FaultDice dice, DeviceLoop loop, Runnable cut) {
    this.fetcher = fetcher;
    this.power = power;
    this.dice = dice;
    this.loop = loop;
    this.cut = cut;
  }

  @Override
  public Transfer fetch(Request request, Sink sink) {
    power.require();
    // Manifests are spared: a damaged one is only fetched again.
    boolean damage = request.url().contains("/blobs/") && dice.takeCorruption();
    PoweredSink powered = new PoweredSink(sink, damage);
    double bytesPerSecond = dice.bytesPerSecond();
    if (Double.isInfinite(bytesPerSecond)) {
      return fetcher.fetch(request, powered);
    }
    Throttle throttle = new Throttle(powered, loop, bytesPerSecond);
    Transfer transfer = fetcher.fetch(request, throttle);
    return () -> {
      throttle.cancel();
      transfer.cancel();
    };
  }

  private final class PoweredSink implements Sink {
    private final Sink sink;
    private boolean damage;

    PoweredSink(Sink sink, boolean damage) {
      this.sink = sink;
      this.damage = damage;
    }

    @Override
    public void chunk(byte[] bytes) {
      if (!power.isOn()) {
        return;
      }
      byte[] arriving = bytes;
      if (damage && bytes.length > 0) {
        damage = false;
        arriving = bytes.clone();
        arriving[dice.position(bytes.length)] ^= 0x10;
      }
      int arrives = dice.arrivesBeforeCut(arriving.length);
      byte[] chunk = arrives == arriving.length ? arriving : Arrays.copyOf(arriving, arrives);
      if (arrives > 0) {
        power.run(() -> sink.chunk(chunk));
      }
      if (arrives < arriving.length && power.isOn()) {
        cut.run();
      }
    }

    @Override
    public void done() {
      power.run(sink::done);
    }

    @Override
    public void failed(Problem problem, String text) {
      power.run(() -> sink.failed(problem, text));
    }
  }
}
