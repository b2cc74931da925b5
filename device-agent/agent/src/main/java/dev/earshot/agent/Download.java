package dev.earshot.agent;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.Flash.Part;
import dev.earshot.agent.trust.Listed;
import dev.earshot.agent.trust.ManifestCheck;
import dev.earshot.agent.trust.TrustMemory;
import dev.earshot.agent.trust.TrustWalk;
import dev.earshot.agent.trust.Verdict;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.LastOrder;
import dev.earshot.agent.update.Slots;
import dev.earshot.agent.update.UpdateEvent;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings one release into its slot: first everything that says whether it may be installed, in the
 * order of {@link TrustWalk}; then the manifest; and only when that is trusted the self-test and
 * the model, each from the byte where an earlier attempt stopped and never more bytes than the
 * manifest declares. What the other slot holds is copied from there. Ends with exactly one event,
 * unless it is cancelled. Runs on the agent's thread.
 */
final class Download {
  private final Job job;
  private final LastOrder order;
  private final int floor;
  private final AgentPorts ports;
  private final Trusting trusting;
  private final Instant now;
  private final Consumer<UpdateEvent> end;
  private final Retrieval retrieval;

  private boolean ended;
  private boolean resumed;
  private int receivedBytes;

  /** How trust is decided. */
  record Trusting(TrustMemory memory, ManifestCheck manifests) {}

  /**
   * @param order that the job comes from
   * @param floor the counter that an install must exceed
   * @param now when it is at least, for all of it
   */
  Download(
      Job job,
      LastOrder order,
      int floor,
      Instant now,
      AgentPorts ports,
      AgentSettings settings,
      Trusting trusting,
      Consumer<UpdateEvent> end) {
    this.job = job;
    this.order = order;
    this.floor = floor;
    this.now = now;
    this.ports = ports;
    this.trusting = trusting;
    this.end = end;
    this.retrieval = new Retrieval(ports, settings, this::fail);
  }

  /** Begins, or resumes what an earlier boot began. */
  void start() {
    walk(TrustWalk.to(trusting.memory(), job.release().manifestPath(), order.keys(), now));
  }

  /** No event will come. */
  void cancel() {
    ended = true;
    retrieval.cancel();
  }

  /** Bytes of the model that are in the slot. */
  int receivedBytes() {
    return receivedBytes;
  }

  private void walk(TrustWalk walk) {
    try {
      Optional<TrustWalk.Need> need = walk.next();
      if (need.isEmpty()) {
        listed(walk.listed());
        return;
      }
      retrieval.document(
          job.registryUrl() + need.get().path(),
          need.get().most(),
          bytes -> step(walk, () -> walk.take(bytes)),
          need.get().optional() ? () -> step(walk, walk::absent) : null);
    } catch (TrustException e) {
      refuse(Verdict.Refused.of(e));
    } catch (IOException e) {
      flashFailed(e);
    }
  }

  /** A step on the way. */
  @FunctionalInterface
  private interface Walking {
    void step() throws TrustException, IOException;
  }

  private void step(TrustWalk walk, Walking walking) throws IOException {
    try {
      walking.step();
    } catch (TrustException e) {
      refuse(Verdict.Refused.of(e));
      return;
    }
    walk(walk);
  }

  private void listed(Listed listed) throws IOException {
    Optional<Verdict.Refused> refused =
        trusting.manifests().listed(listed, job, order.manifestLength(), floor);
    if (refused.isPresent()) {
      refuse(refused.get());
    } else if (flash().digest(job.target(), Part.MANIFEST).equals(job.manifestDigest())) {
      resumed = true;
      trusted(listed, flash().read(job.target(), Part.MANIFEST));
    } else {
      fromNothing(listed);
    }
  }

  private void fromNothing(Listed listed) throws IOException {
    flash().erase(job.target());
    retrieval.document(
        job.registryUrl()
            + "/v1/releases/"
            + job.release().name()
            + "/"
            + job.release().version()
            + "/manifest",
        listed.target().length(),
        envelope -> trusted(listed, envelope),
        null);
  }

  private void trusted(Listed listed, byte[] envelope) throws IOException {
    switch (trusting.manifests().fetched(envelope, listed, job, floor, now)) {
      case Verdict.Refused refused -> refuse(refused);
      case Verdict.Accepted accepted -> {
        ReleaseManifest manifest = accepted.signed().manifest();
        long needed =
            (long) envelope.length + manifest.selfTest().length() + manifest.model().length();
        long capacity = flash().slotCapacityBytes(job.target());
        if (needed > capacity) {
          fail(
              UpdateResult.NOT_ENOUGH_FLASH,
              "needs " + needed + " bytes, the slot has " + capacity);
          return;
        }
        if (!resumed) {
          flash().append(job.target(), Part.MANIFEST, envelope);
        }
        fetchParts(manifest, listed);
      }
    }
  }

  private void fetchParts(ReleaseManifest manifest, Listed listed) throws IOException {
    if (missing(Part.SELF_TEST, manifest.selfTest(), manifest, listed)
        || missing(Part.MODEL, manifest.model(), manifest, listed)) {
      return;
    }
    if (resumed && !intact(manifest)) {
      startOver(listed);
      return;
    }
    finish(new UpdateEvent.Downloaded());
  }

  /** A power cut can leave bytes behind that were never sent. Once, start from nothing. */
  private void startOver(Listed listed) throws IOException {
    resumed = false;
    fromNothing(listed);
  }

  private boolean intact(ReleaseManifest manifest) throws IOException {
    return flash().digest(job.target(), Part.SELF_TEST).equals(manifest.selfTest().digest())
        && flash().digest(job.target(), Part.MODEL).equals(manifest.model().digest());
  }

  /** Fetches the rest of a part; false when all of it is there. */
  private boolean missing(Part part, Target target, ReleaseManifest manifest, Listed listed)
      throws IOException {
    long have = flash().length(job.target(), part);
    progress(part, have);
    if (have >= target.length() || copied(part, target, have)) {
      return false;
    }
    MessageDigest sha256 = Digest.sha256();
    if (have > 0) {
      sha256.update(flash().read(job.target(), part));
    }
    retrieval.rest(
        job.registryUrl() + "/v2/" + job.release().name() + "/blobs/" + target.digest(),
        target.length(),
        () -> flash().length(job.target(), part),
        bytes -> {
          sha256.update(bytes);
          flash().append(job.target(), part, bytes);
          progress(part, receivedBytes + (long) bytes.length);
        },
        () -> arrived(part, target, sha256, manifest, listed));
    return true;
  }

  /** All bytes of a part came; the digest of what streamed by says whether they are the right. */
  private void arrived(
      Part part, Target target, MessageDigest sha256, ReleaseManifest manifest, Listed listed)
      throws IOException {
    if (Digest.ofBytes(sha256.digest()).equals(target.digest())) {
      fetchParts(manifest, listed);
    } else if (resumed) {
      startOver(listed);
    } else {
      fail(
          UpdateResult.INTEGRITY_CHECK_FAILURE,
          part + " does not have the digest that the publisher signed");
    }
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

  private void progress(Part part, long bytes) {
    if (part == Part.MODEL) {
      receivedBytes = (int) bytes;
    }
  }

  private void refuse(Verdict.Refused refused) {
    finish(new UpdateEvent.Rejected(refused.result(), refused.text()));
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
