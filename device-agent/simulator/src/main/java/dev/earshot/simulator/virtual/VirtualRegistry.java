package dev.earshot.simulator.virtual;

import dev.earshot.agent.port.Fetcher;
import dev.earshot.simulator.registry.SignedReleases;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where devices of a loop download from: releases and their trust chain in memory, in chunks, after
 * some latency.
 */
public final class VirtualRegistry implements Fetcher {
  /** The base address that commands name. */
  public static final String URL = "http://registry";

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final int CHUNK = 16_000;

  private final VirtualLoop loop;
  private final SignedReleases releases;

  public VirtualRegistry(VirtualLoop loop, SignedReleases releases) {
    this.loop = loop;
    this.releases = releases;
  }

  @Override
  public Transfer fetch(Request request, Sink sink) {
    boolean[] cancelled = {false};
    var _ = loop.afterMachine(LATENCY, () -> serve(request, sink, cancelled));
    return () -> cancelled[0] = true;
  }

  private void serve(Request request, Sink sink, boolean[] cancelled) {
    if (cancelled[0]) {
      return;
    }
    Optional<byte[]> file =
        request.url().startsWith(URL)
            ? releases.file(request.url().substring(URL.length()))
            : Optional.empty();
    if (file.isEmpty()) {
      sink.failed(Problem.NOT_FOUND, request.url() + ": 404");
      return;
    }
    byte[] bytes = file.get();
    long end = Math.min(bytes.length, request.offset() + request.maxBytes());
    for (int at = (int) request.offset(); at < end && !cancelled[0]; at += CHUNK) {
      sink.chunk(Arrays.copyOfRange(bytes, at, (int) Math.min(end, at + CHUNK)));
    }
    if (cancelled[0]) {
      return;
    }
    if (end < bytes.length) {
      sink.failed(Problem.TOO_LONG, request.url() + ": " + bytes.length + " bytes");
    } else {
      sink.done();
    }
  }
}
