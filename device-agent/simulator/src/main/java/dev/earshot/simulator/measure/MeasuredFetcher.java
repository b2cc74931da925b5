package dev.earshot.simulator.measure;

import dev.earshot.agent.port.Fetcher;
import java.util.Locale;

/** Times downloads and counts their errors. */
public final class MeasuredFetcher implements Fetcher {
  private final Fetcher fetcher;
  private final Meter meter;

  public MeasuredFetcher(Fetcher fetcher, Meter meter) {
    this.fetcher = fetcher;
    this.meter = meter;
  }

  @Override
  public Transfer fetch(Request request, Sink sink) {
    return fetcher.fetch(request, new MeasuredSink(sink));
  }

  private final class MeasuredSink implements Sink {
    private final Sink sink;
    private final long began = System.nanoTime();

    MeasuredSink(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void chunk(byte[] bytes) {
      sink.chunk(bytes);
    }

    @Override
    public void done() {
      meter.took(Operation.DOWNLOAD, System.nanoTime() - began);
      sink.done();
    }

    @Override
    public void failed(Problem problem, String text) {
      meter.failed("download_" + problem.name().toLowerCase(Locale.ROOT));
      sink.failed(problem, text);
    }
  }
}
