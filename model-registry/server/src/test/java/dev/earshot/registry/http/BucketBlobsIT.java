package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.storage.MemoryObjectStore;
import dev.earshot.registry.storage.ObjectStore;
import dev.earshot.registry.storage.S3Server;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The registry's HTTP where blobs lie in a bucket of a real S3 server, and have no file. */
@Timeout(60)
class BucketBlobsIT {
  private static final byte[] CONTENT = new byte[HttpFixture.LONGEST_BLOB];
  private static final String PATH = "/v2/hey-nova/blobs/";

  @TempDir private static Path directory;
  @TempDir private static Path spool;
  private static S3Server server;
  private static HttpFixture registry;

  @BeforeAll
  static void start() throws IOException {
    new Random(3).nextBytes(CONTENT);
    server = S3Server.start(directory);
    registry =
        new HttpFixture(BlobStore.open(server.open("blobs"), spool, HttpFixture.LONGEST_BLOB));
    assertEquals(201, registry.upload(CONTENT).statusCode());
  }

  @AfterAll
  static void stop() {
    registry.close();
    server.close();
  }

  @Test
  void wholeBlob_isStreamed() {
    HttpResponse<byte[]> answer = registry.get(PATH + Digest.of(CONTENT));
    assertEquals(200, answer.statusCode());
    assertArrayEquals(CONTENT, answer.body());
    assertEquals(
        "public, max-age=31536000, immutable",
        answer.headers().firstValue("Cache-Control").orElseThrow());
    assertEquals(
        "\"" + Digest.of(CONTENT) + "\"", answer.headers().firstValue("ETag").orElseThrow());
    assertEquals(CONTENT.length, answer.headers().firstValueAsLong("Content-Length").orElseThrow());
  }

  @Test
  void ranges_areReadFromTheirOffset() {
    for (int[] range : new int[][] {{0, 0}, {1, 1000}, {60_000, 65_535}}) {
      HttpResponse<byte[]> answer =
          registry.get(PATH + Digest.of(CONTENT), "Range", "bytes=" + range[0] + "-" + range[1]);
      assertEquals(206, answer.statusCode());
      assertArrayEquals(Arrays.copyOfRange(CONTENT, range[0], range[1] + 1), answer.body());
    }
    assertEquals(
        416, registry.get(PATH + Digest.of(CONTENT), "Range", "bytes=65536-").statusCode());
  }

  @Test
  void emptyBlob_isStreamed() {
    assertEquals(201, registry.upload(new byte[0]).statusCode());
    HttpResponse<byte[]> answer = registry.get(PATH + Digest.of(new byte[0]));
    assertEquals(200, answer.statusCode());
    assertEquals(0, answer.body().length);
  }

  @Test
  void release_isPublishedFromABucket() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(release.files());
    assertEquals(
        201, registry.post("/v1/releases", release.signed().bytes().toArray()).statusCode());
    assertEquals(200, registry.post("/v1/gc", new byte[0]).statusCode());
  }

  @Test
  void storeThatFailsOnTheWay_endsTheConnectionAndTheStream(@TempDir Path own) throws IOException {
    AtomicInteger open = new AtomicInteger();
    ObjectStore failing = new Failing(open);
    try (HttpFixture broken =
        new HttpFixture(BlobStore.open(failing, own, HttpFixture.LONGEST_BLOB))) {
      assertEquals(201, broken.upload(CONTENT).statusCode());
      AssertionError cut =
          assertThrows(AssertionError.class, () -> broken.get(PATH + Digest.of(CONTENT)));
      assertTrue(cut.getCause() instanceof IOException, cut.toString());
      while (open.get() > 0) {
        Thread.onSpinWait();
      }
      assertEquals(0, open.get());
    }
  }

  @Test
  void storeThatFailsAtOnce_endsTheConnection(@TempDir Path own) throws IOException {
    MemoryObjectStore failing =
        new MemoryObjectStore() {
          @Override
          public InputStream open(String key, long offset, long length) throws IOException {
            throw new IOException("the bucket is gone");
          }
        };
    try (HttpFixture broken =
        new HttpFixture(BlobStore.open(failing, own, HttpFixture.LONGEST_BLOB))) {
      assertEquals(201, broken.upload(CONTENT).statusCode());
      assertThrows(AssertionError.class, () -> broken.get(PATH + Digest.of(CONTENT)));
    }
  }

  @Test
  void slowClient_isNotReadAheadFor(@TempDir Path own) throws IOException {
    int length = 16 << 20;
    // What the two kernels may hold between the ends: Linux grows a socket's buffer to 4 MiB.
    int underWay = 6 << 20;
    AtomicInteger served = new AtomicInteger();
    MemoryObjectStore objects = new Counting(served);
    byte[] content = new byte[length];
    try (HttpFixture slow = new HttpFixture(BlobStore.open(objects, own, length));
        Socket client = new Socket()) {
      assertEquals(201, slow.upload(content).statusCode());
      served.set(0);
      client.setSoTimeout(30_000);
      client.setReceiveBufferSize(BlobBody.CHUNK);
      client.connect(new InetSocketAddress("127.0.0.1", slow.uri("").getPort()));
      String request = "GET " + PATH + Digest.of(content) + " HTTP/1.1\r\nHost: x\r\n\r\n";
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      DataInputStream in = new DataInputStream(client.getInputStream());
      byte[] piece = new byte[BlobBody.CHUNK];
      for (int taken = piece.length; taken <= length; taken += piece.length) {
        in.readFully(piece);
        assertTrue(served.get() <= taken + underWay, served + " at " + taken);
      }
    }
  }

  /** Counts what is read of it. */
  private static final class Counting extends MemoryObjectStore {
    private final AtomicInteger served;

    Counting(AtomicInteger served) {
      this.served = served;
    }

    @Override
    public InputStream open(String key, long offset, long length) throws IOException {
      return new FilterInputStream(super.open(key, offset, length)) {
        @Override
        public int read(byte[] into, int at, int count) throws IOException {
          int got = super.read(into, at, count);
          served.addAndGet(Math.max(0, got));
          return got;
        }
      };
    }
  }

  /** Reads fail in the middle. */
  private static final class Failing extends MemoryObjectStore {
    private final AtomicInteger open;

    Failing(AtomicInteger open) {
      this.open = open;
    }

    @Override
    public InputStream open(String key, long offset, long length) throws IOException {
      InputStream whole = super.open(key, offset, length);
      open.incrementAndGet();
      return new InputStream() {
        private int left = 40_000;

        @Override
        public int read() throws IOException {
          if (left == 0) {
            throw new IOException("the bucket is gone");
          }
          left--;
          return whole.read();
        }

        @Override
        public void close() {
          open.decrementAndGet();
        }
      };
    }
  }
}
