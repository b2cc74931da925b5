package dev.earshot.agent;

import dev.earshot.agent.port.Fetcher;
import dev.earshot.agent.port.Timers;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file after another from a server that may break off, drip, lie about lengths or never
 * end. Each file is bounded in bytes and in time, and so are the attempts; between two there is a
 * pause that grows, with jitter. Ends with one failure, or never calls again once cancelled. Runs
 * on the agent's thread.
 */
final class Retrieval {
  /** A server that drips bytes and breaks off must not keep a device busy for ever. */
  private static final int MOST_INTERRUPTIONS = 1000;

  /** Machine time for a file of no bytes, all attempts and pauses included. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Each of these bytes per second adds a second to the patience: the slowest link worth using. */
  static final int SLOWEST_BYTES_PER_SECOND = 64;

  private final AgentPorts ports;
  private final AgentSettings settings;
  private final BiConsumer<UpdateResult, String> failed;

  private Fetcher.@Nullable Transfer transfer;
  private Timers.@Nullable Timer retry;
  private Timers.@Nullable Timer deadline;
  private boolean ended;
  private int fruitless;
  private int interruptions;

  /**
   * @param failed hears why nothing more will come
   */
  Retrieval(AgentPorts ports, AgentSettings settings, BiConsumer<UpdateResult, String> failed) {
    this.ports = ports;
    this.settings = settings;
    this.failed = failed;
  }

  /** Something that takes what came, and may write it to flash. */
  @FunctionalInterface
  interface Taking<T> {
    void accept(T value) throws IOException;
  }

  /** Something that goes on from flash. */
  @FunctionalInterface
  interface Continuing {
    void run() throws IOException;
  }

  /** How many bytes are there already. */
  @FunctionalInterface
  interface Having {
    long bytes() throws IOException;
  }

  /**
   * A whole document of at most so many bytes.
   *
   * @param absent what to do when the server does not have it; null when that is a failure
   */
  void document(String url, int most, Taking<byte[]> taking, @Nullable Continuing absent) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    begin(
        new Wanted(
            url,
            most,
            () -> {
              content.reset();
              return 0;
            },
            content::writeBytes,
            () -> {
              stopWatching();
              taking.accept(content.toByteArray());
            },
            absent));
  }

  /** What is missing of a file of so many bytes, from the byte where an earlier attempt stopped. */
  void rest(String url, long length, Having have, Taking<byte[]> taking, Continuing done) {
    Wanted[] self = new Wanted[1];
    Wanted wanted =
        new Wanted(
            url,
            length,
            have,
            taking,
            () -> {
              if (have.bytes() < length) {
                lost(self[0], "the server sent less than the manifest declares");
              } else {
                stopWatching();
                done.run();
              }
            },
            null);
    self[0] = wanted;
    begin(wanted);
  }

  /** Nothing more will be called. */
  void cancel() {
    ended = true;
    Fetcher.Transfer running = transfer;
    if (running != null) {
      running.cancel();
    }
    Timers.Timer waiting = retry;
    if (waiting != null) {
      waiting.cancel();
    }
    stopWatching();
  }

  /** What is fetched now. */
  private record Wanted(
      String url,
      long most,
      Having have,
      Taking<byte[]> taking,
      Continuing done,
      @Nullable Continuing absent) {}

  private void begin(Wanted wanted) {
    Duration patience = PATIENCE.plusSeconds(wanted.most() / SLOWEST_BYTES_PER_SECOND);
    deadline =
        ports
            .timers()
            .afterMachine(
                patience,
                () ->
                    fail(
                        UpdateResult.CONNECTION_LOST,
                        wanted.url() + ": not complete after " + patience.toSeconds() + " s"));
    guarded(() -> attempt(wanted));
  }

  private void stopWatching() {
    Timers.Timer running = deadline;
    if (running != null) {
      running.cancel();
    }
  }

  private void attempt(Wanted wanted) throws IOException {
    long have = wanted.have().bytes();
    if (have >= wanted.most()) {
      wanted.done().run(); // all of it came before the connection was lost
      return;
    }
    transfer =
        ports
            .fetcher()
            .fetch(
                new Fetcher.Request(wanted.url(), have, wanted.most() - have),
                new Fetcher.Sink() {
                  @Override
                  public void chunk(byte[] bytes) {
                    fruitless = 0;
                    guarded(() -> wanted.taking().accept(bytes));
                  }

                  @Override
                  public void done() {
                    guarded(wanted.done());
                  }

                  @Override
                  public void failed(Fetcher.Problem problem, String text) {
                    guarded(() -> broken(wanted, problem, text));
                  }
                });
  }

  private void guarded(Continuing continuing) {
    if (ended) {
      return;
    }
    try {
      continuing.run();
    } catch (IOException e) {
      fail(UpdateResult.NOT_ENOUGH_FLASH, "flash: " + e.getMessage());
    }
  }

  private void broken(Wanted wanted, Fetcher.Problem problem, String text) throws IOException {
    Continuing absent = wanted.absent();
    switch (problem) {
      case CONNECTION_LOST -> lost(wanted, text);
      case NOT_FOUND -> {
        if (absent == null) {
          fail(UpdateResult.INVALID_URI, text);
        } else {
          stopWatching();
          absent.run();
        }
      }
      case INVALID_URL -> fail(UpdateResult.INVALID_URI, text);
      case TOO_LONG -> fail(UpdateResult.INTEGRITY_CHECK_FAILURE, text);
    }
  }

  private void lost(Wanted wanted, String text) {
    fruitless++;
    interruptions++;
    if (fruitless >= settings.fetchAttempts() || interruptions >= MOST_INTERRUPTIONS) {
      fail(
          UpdateResult.CONNECTION_LOST,
          interruptions + " interruptions, " + fruitless + " without a byte; last: " + text);
      return;
    }
    long bound =
        Math.min(
            settings.longestRetryDelay().toMillis(),
            settings.firstRetryDelay().toMillis() << Math.min(20, fruitless - 1));
    // Between half and all of the bound: a fleet whose registry comes back must not arrive at once.
    long delay = bound / 2 + ports.random().nextLong(bound / 2 + 1);
    retry =
        ports
            .timers()
            .afterMachine(Duration.ofMillis(delay), () -> guarded(() -> attempt(wanted)));
  }

  private void fail(UpdateResult result, String text) {
    if (!ended) {
      cancel();
      failed.accept(result, text);
    }
  }
}
