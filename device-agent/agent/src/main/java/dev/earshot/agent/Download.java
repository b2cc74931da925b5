package dev.earshot.agent;

import dev.earshot.agent.port.Fetcher;
import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.Flash.Part;
import dev.earshot.agent.port.Timers;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.Slots;
import dev.earshot.agent.update.UpdateEvent;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings one release into its slot: the manifest first, and only when that is trusted the self-test
 * and the model, each from the byte where an earlier attempt stopped and never more bytes than the
 * manifest declares. What the other slot holds is copied from there. Ends with exactly one event, unless it is cancelled. Runs on the agent's
 * thread.
 */
final class Download {
  /** A server that drips bytes and breaks off must not keep a device busy for ever. */
  private static final int MOST_INTERRUPTIONS = 1000;

  private final Job job;
  private final AgentPorts ports;
  private final AgentSettings settings;
  private final Function<byte[], TrustCheck.Verdict> check;
  private final Consumer<UpdateEvent> end;

  private Fetcher.@Nullable Transfer transfer;
  private Timers.@Nullable Timer retry;
  private boolean ended;
  private boolean resumed;
  private int fruitless;
  private int interruptions;
  private int receivedBytes;

  Download(
      Job job,
      AgentPorts ports,
      AgentSettings settings,
      Function<byte[], TrustCheck.Verdict> check,
      Consumer<UpdateEvent> end) {
    this.job = job;
    this.ports = ports;
    this.settings = settings;
    this.check = check;
    this.end = end;
  }

  /** Begins, or resumes what an earlier boot began. */
  void start() {
    try {
      if (flash().digest(job.target(), Part.MANIFEST).equals(job.manifestDigest())) {
        resumed = true;
        trusted(flash().read(job.target(), Part.MANIFEST));
      } else {
        flash().erase(job.target());
        fetchManifest();
      }
    } catch (IOException e) {
      flashFailed(e);
    }
  }

  /** No event will come. */
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
  }

  /** Bytes of the model that are in the slot. */
  int receivedBytes() {
    return receivedBytes;
  }

  private void fetchManifest() {
    String url =
        job.registryUrl()
            + "/v1/releases/"
            + job.release().name()
            + "/"
            + job.release().version()
            + "/manifest";
    ByteArrayOutputStream envelope = new ByteArrayOutputStream();
    fetch(
        new Fetcher.Request(url, 0, SignedManifest.LONGEST),
        this::fetchManifest,
        envelope::writeBytes,
        () -> store(envelope.toByteArray()));
  }

  private void store(byte[] envelope) throws IOException {
    if (check.apply(envelope) instanceof TrustCheck.Verdict.Accepted) {
      flash().append(job.target(), Part.MANIFEST, envelope);
    }
    trusted(envelope);
  }

  private void trusted(byte[] envelope) throws IOException {
    switch (check.apply(envelope)) {
      case TrustCheck.Verdict.Refused refused ->
          finish(new UpdateEvent.Rejected(refused.result(), refused.text()));
      case TrustCheck.Verdict.Accepted accepted -> {
        ReleaseManifest manifest = accepted.signed().manifest();
        long needed =
            (long) envelope.length + manifest.selfTest().length() + manifest.model().length();
        long capacity = flash().slotCapacityBytes(job.target());
        if (needed > capacity) {
          fail(
              UpdateResult.NOT_ENOUGH_FLASH,
              "needs " + needed + " bytes, the slot has " + capacity);
        } else {
          fetchParts(manifest);
        }
      }
    }
  }

  private void fetchParts(ReleaseManifest manifest) throws IOException {
    if (missing(Part.SELF_TEST, manifest.selfTest(), manifest)
        || missing(Part.MODEL, manifest.model(), manifest)) {
      return;
    }
    if (resumed && !intact(manifest)) {
      // A power cut can leave bytes behind that were never sent. Once, start from nothing.
      resumed = false;
      flash().erase(job.target());
      fetchManifest();
      return;
    }
    finish(new UpdateEvent.Downloaded());
  }

  private boolean intact(ReleaseManifest manifest) throws IOException {
    return flash().digest(job.target(), Part.SELF_TEST).equals(manifest.selfTest().digest())
        && flash().digest(job.target(), Part.MODEL).equals(manifest.model().digest());
  }

  /** Fetches the rest of a part; false when all of it is there. */
  private boolean missing(Part part, Target target, ReleaseManifest manifest) throws IOException {
    long have = flash().length(job.target(), part);
    progress(part, have);
    if (have >= target.length()) {
      return false;
    }
    if (copied(part, target, have)) {
      return false;
    }
    String url = job.registryUrl() + "/v2/" + job.release().name() + "/blobs/" + target.digest();
    fetch(
        new Fetcher.Request(url, have, target.length() - have),
        () -> fetchPartsAgain(manifest),
        bytes -> {
          flash().append(job.target(), part, bytes);
          progress(part, receivedBytes + (long) bytes.length);
        },
        () -> {
          if (flash().length(job.target(), part) < target.length()) {
            lost(
                "the server sent less than the manifest declares", () -> fetchPartsAgain(manifest));
          } else {
            fetchParts(manifest);
          }
        });
    return true;
  }

  /**
   * Takes the rest of a part from the other slot when that holds the same content: a release that
   * changes the detector alone costs its manifest. What is there already needs no check here: the
   * whole part is read back and compared before anything is done with it.
   */
  private boolean copied(Part part, Target target, long have) throws IOException {
    Slot other = Slots.other(job.target());
    if (flash().length(other, part) != target.length()
        || !flash().digest(other, part).equals(target.digest())) {
      return false;
    }
    byte[] content = flash().read(other, part);
    flash()
        .append(
            job.target(),
            part,
            have == 0 ? content : Arrays.copyOfRange(content, (int) have, content.length));
    progress(part, target.length());
    return true;
  }

  private void fetchPartsAgain(ReleaseManifest manifest) {
    try {
      fetchParts(manifest);
    } catch (IOException e) {
      flashFailed(e);
    }
  }

  private void progress(Part part, long bytes) {
    if (part == Part.MODEL) {
      receivedBytes = (int) bytes;
    }
  }

  /** Something that writes to flash. */
  @FunctionalInterface
  private interface Writing<T> {
    void accept(T value) throws IOException;
  }

  /** Something that goes on from flash. */
  @FunctionalInterface
  private interface Continuing {
    void run() throws IOException;
  }

  private void fetch(
      Fetcher.Request request, Runnable again, Writing<byte[]> take, Continuing done) {
    transfer =
        ports
            .fetcher()
            .fetch(
                request,
                new Fetcher.Sink() {
                  @Override
                  public void chunk(byte[] bytes) {
                    fruitless = 0;
                    guarded(() -> take.accept(bytes));
                  }

                  @Override
                  public void done() {
                    guarded(done);
                  }

                  @Override
                  public void failed(Fetcher.Problem problem, String text) {
                    guarded(() -> broken(problem, text, again));
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
      flashFailed(e);
    }
  }

  private void broken(Fetcher.Problem problem, String text, Runnable again) {
    switch (problem) {
      case CONNECTION_LOST -> lost(text, again);
      case NOT_FOUND, INVALID_URL -> fail(UpdateResult.INVALID_URI, text);
      case TOO_LONG -> fail(UpdateResult.INTEGRITY_CHECK_FAILURE, text);
    }
  }

  private void lost(String text, Runnable again) {
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
    retry = ports.timers().afterMachine(Duration.ofMillis(delay), again);
  }

  private void flashFailed(IOException e) {
    fail(UpdateResult.NOT_ENOUGH_FLASH, "flash: " + e.getMessage());
  }

  private void fail(UpdateResult result, String text) {
    finish(new UpdateEvent.Failed(result, text));
  }

  private void finish(UpdateEvent event) {
    if (!ended) {
      cancel();
      end.accept(event);
    }
  }

  private Flash flash() {
    return ports.flash();
  }
}
