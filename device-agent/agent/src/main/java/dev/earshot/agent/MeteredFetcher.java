package dev.earshot.agent;

import dev.earshot.agent.port.Fetcher;

/** Counts what comes from the network. Runs on the agent's thread. */
final class MeteredFetcher implements Fetcher {
  /** Told of every chunk after it was used. */
  @FunctionalInterface
  interface Meter {
    /**
     * Takes note.
     *
     * @param bytes that have come
     * @param toGo how many more this transfer may bring
     */
    void received(int bytes, long toGo);
  }

  private final Fetcher fetcher;
  private final Meter meter;

  MeteredFetcher(Fetcher fetcher, Meter meter) {
    this.fetcher = fetcher;
    this.meter = meter;
  }

  @Override
  public Transfer fetch(Request request, Sink sink) {
    return fetcher.fetch(
        request,
        new Sink() {
          private long toGo = request.maxBytes();

          @Override
          public void chunk(byte[] bytes) {
            toGo -= bytes.length;
            sink.chunk(bytes);
            meter.received(bytes.length, toGo);
          }

          @Override
          public void done() {
            sink.done();
          }

          @Override
          public void failed(Problem problem, String text) {
            sink.failed(problem, text);
          }
        });
  }
}
