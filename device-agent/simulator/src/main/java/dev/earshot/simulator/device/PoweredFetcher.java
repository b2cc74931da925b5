package dev.earshot.simulator.device;

import dev.earshot.agent.port.Fetcher;

/** Downloads as one boot sees them: they end with the power, and some arrive damaged. */
final class PoweredFetcher implements Fetcher {
  private final Fetcher fetcher;
  private final Power power;
  private final FaultDice dice;

  PoweredFetcher(Fetcher fetcher, Power power, FaultDice dice) {
    this.fetcher = fetcher;
    this.power = power;
    this.dice = dice;
  }

  @Override
  public Transfer fetch(Request request, Sink sink) {
    power.require();
    // Manifests are spared: a damaged one is only fetched again.
    boolean damage = request.url().contains("/blobs/") && dice.takeCorruption();
    return fetcher.fetch(request, new PoweredSink(sink, damage));
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
      byte[] arriving = bytes;
      if (damage && bytes.length > 0) {
        damage = false;
        arriving = bytes.clone();
        arriving[dice.position(bytes.length)] ^= 0x10;
      }
      byte[] chunk = arriving;
      power.run(() -> sink.chunk(chunk));
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
