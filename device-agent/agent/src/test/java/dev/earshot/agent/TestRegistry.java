package dev.earshot.agent;

import dev.earshot.agent.port.Fetcher;
import dev.earshot.protocol.trust.ImageRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves releases chunk by chunk through the agent's thread, and misbehaves on order. */
final class TestRegistry implements Fetcher {
  static final String URL = "http://registry";
  private static final int CHUNK = 1000;

  private final ManualTimers loop;
  private final Map<String, byte[]> files = new HashMap<>();
  private ImageRepository repository;
  final List<Request> requests = new ArrayList<>();

  /** Breaks off after that many bytes of each file, as often as told. */
  int breakAfterBytes = Integer.MAX_VALUE;

  int breaks;
  boolean unreachable;
  boolean silent;

  TestRegistry(ManualTimers loop) {
    this.loop = loop;
    this.repository = TestRelease.TRUST.repository(loop.instant());
  }

  void publish(TestRelease release) {
    var manifest = release.signed().manifest();
    var ref = manifest.release();
    files.put(
        URL + "/v1/releases/" + ref.name() + "/" + ref.version() + "/manifest", release.envelope());
    files.put(URL + "/v2/" + ref.name() + "/blobs/" + manifest.model().digest(), release.model());
    files.put(
        URL + "/v2/" + ref.name() + "/blobs/" + manifest.selfTest().digest(), release.selfTest());
    repository =
        TestRelease.TRUST.list(
            repository, ref.manifestPath(), release.signed().target(), loop.instant());
  }

  /** The signed files as they are at this moment: what expires soon is signed anew. */
  private byte @Nullable [] file(String url) {
    if (!isTrust(url)) {
      return files.get(url);
    }
    if (url.contains("/director/")) {
      return url.endsWith("/1.root.json") ? TestRelease.TRUST.firstDirectorRoot().bytes() : null;
    }
    repository =
        repository.published(
            TestRelease.TRUST.online(), loop.instant(), ImageRepository.Validity.DEFAULT);
    return repository.file(url.substring(url.lastIndexOf('/') + 1)).orElse(null);
  }

  static boolean isTrust(String url) {
    return url.startsWith(URL + "/v1/trust/");
  }

  /** Requests for anything but signed metadata. */
  List<Request> fileRequests() {
    return requests.stream().filter(request -> !isTrust(request.url())).toList();
  }

  /** Changes one byte of that model on its way. */
  void corrupt(TestRelease release) {
    byte[] model = release.model().clone();
    model[4321] ^= 1;
    files.put(modelUrl(release), model);
  }

  void append(TestRelease release, int extraBytes) {
    files.put(
        modelUrl(release), Arrays.copyOf(release.model(), release.model().length + extraBytes));
  }

  static String modelUrl(TestRelease release) {
    var manifest = release.signed().manifest();
    return URL + "/v2/" + manifest.release().name() + "/blobs/" + manifest.model().digest();
  }

  /** Of anything but signed metadata. */
  long bytesServed;

  @Override
  public Transfer fetch(Request request, Sink sink) {
    requests.add(request);
    Serving serving = new Serving(request, sink, file(request.url()));
    loop.soon(serving::next);
    return serving;
  }

  private final class Serving implements Transfer {
    private final Request request;
    private final Sink sink;
    private final byte @Nullable [] file;
    private long at;
    private long sent;
    private boolean over;

    Serving(Request request, Sink sink, byte @Nullable [] file) {
      this.request = request;
      this.sink = sink;
      this.file = file;
      this.at = request.offset();
    }

    @Override
    public void cancel() {
      over = true;
    }

    private void gaveUp() {
      if (!over) {
        sink.failed(Problem.CONNECTION_LOST, "nothing came for 30 s");
      }
    }

    void next() {
      if (over) {
        return;
      }
      if (silent) {
        loop.afterMachine(Duration.ofSeconds(30), this::gaveUp);
      } else if (unreachable) {
        sink.failed(Problem.CONNECTION_LOST, "connection refused");
      } else if (file == null) {
        sink.failed(Problem.NOT_FOUND, request.url() + ": HTTP 404");
      } else if (sent >= breakAfterBytes && breaks > 0) {
        breaks--;
        sink.failed(Problem.CONNECTION_LOST, "connection reset");
      } else if (at >= file.length) {
        sink.done();
      } else {
        int length = (int) Math.min(CHUNK, file.length - at);
        if (sent + length > request.maxBytes()) {
          sink.failed(Problem.TOO_LONG, "more than " + request.maxBytes() + " bytes");
          return;
        }
        byte[] chunk = Arrays.copyOfRange(file, (int) at, (int) at + length);
        at += length;
        sent += length;
        if (!isTrust(request.url())) {
          bytesServed += length;
        }
        sink.chunk(chunk);
        loop.soon(this::next);
      }
    }
  }
}
