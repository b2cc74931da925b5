package dev.earshot.agent;

import dev.earshot.agent.port.ActiveModel;
import dev.earshot.agent.port.Flash.Part;
import dev.earshot.agent.port.Listening.SelfTestResult;
import dev.earshot.agent.trust.ManifestCheck;
import dev.earshot.agent.trust.Verdict;
import dev.earshot.agent.update.Content;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.Slots;
import dev.earshot.agent.update.UpdateEvent;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads slots back from flash before anything is done with what they hold: what was received is not
 * what counts, but what is there. Runs on the agent's thread.
 */
final class SlotInspector {
  private final AgentPorts ports;
  private final ManifestCheck manifests;
  private final Heartbeats heartbeats;

  SlotInspector(AgentPorts ports, ManifestCheck manifests, Heartbeats heartbeats) {
    this.ports = ports;
    this.manifests = manifests;
    this.heartbeats = heartbeats;
  }

  /**
   * Reads the whole slot back: Verified, Rejected or Failed.
   *
   * @param now when it is at least
   */
  UpdateEvent verify(Job job, boolean inPlace, int floor, Instant now) {
    try {
      ports.flash().sync(job.target());
      return verified(job, inPlace, floor, now);
    } catch (IOException e) {
      return new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, "flash: " + e.getMessage());
    }
  }

  private UpdateEvent verified(Job job, boolean inPlace, int floor, Instant now)
      throws IOException {
    byte[] envelope = ports.flash().read(job.target(), Part.MANIFEST);
    return switch (manifests.stored(envelope, job, floor, inPlace, now)) {
      case Verdict.Refused refused -> new UpdateEvent.Rejected(refused.result(), refused.text());
      case Verdict.Accepted(SignedManifest signed) -> {
        yield mismatch(job.target(), signed.manifest())
            .<UpdateEvent>map(
                text -> new UpdateEvent.Failed(UpdateResult.INTEGRITY_CHECK_FAILURE, text))
            .orElseGet(() -> new UpdateEvent.Verified(Content.of(signed)));
      }
    };
  }

  private Optional<String> mismatch(Slot slot, ReleaseManifest manifest) throws IOException {
    Optional<String> model = mismatch(slot, Part.MODEL, manifest.model());
    return model.isPresent() ? model : mismatch(slot, Part.SELF_TEST, manifest.selfTest());
  }

  private Optional<String> mismatch(Slot slot, Part part, ReleaseManifest.Target target)
      throws IOException {
    long length = ports.flash().length(slot, part);
    if (length != target.length()) {
      return Optional.of(part + " has " + length + " bytes, the manifest " + target.length());
    }
    return ports.flash().digest(slot, part).equals(target.digest())
        ? Optional.empty()
        : Optional.of(part + " does not have the digest that the publisher signed");
  }

  /**
   * Runs the vectors of the release in the slot: SelfTestPassed, Rejected or Failed. It was
   * verified, but perhaps before a restart, so the engine gets it only when it still is the same.
   */
  UpdateEvent selfTest(Job job) {
    try {
      byte[] envelope = ports.flash().read(job.target(), Part.MANIFEST);
      if (!Digest.of(envelope).equals(job.manifestDigest())) {
        return new UpdateEvent.Failed(
            UpdateResult.INTEGRITY_CHECK_FAILURE,
            "slot " + Slots.label(job.target()) + " is not what was verified");
      }
      ReleaseManifest manifest = SignedManifest.parse(envelope).manifest();
      Optional<String> mismatch = mismatch(job.target(), manifest);
      if (mismatch.isPresent()) {
        return new UpdateEvent.Failed(UpdateResult.INTEGRITY_CHECK_FAILURE, mismatch.get());
      }
      SelfTest vectors = SelfTest.parseFrom(ports.flash().read(job.target(), Part.SELF_TEST));
      byte[] model = ports.flash().read(job.target(), Part.MODEL);
      return switch (ports.listening().selfTest(manifest, model, vectors)) {
        case SelfTestResult.Passed passed -> new UpdateEvent.SelfTestPassed();
        case SelfTestResult.Failed(String text) ->
            new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, "self-test: " + text);
        case SelfTestResult.Unsupported(String text) ->
            new UpdateEvent.Rejected(UpdateResult.UNSUPPORTED_PACKAGE_TYPE, text);
      };
    } catch (IOException | IllegalArgumentException e) {
      return new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, "self-test: " + e.getMessage());
    }
  }

  /** What the medium did to a slot that held that. */
  Optional<String> damage(Slot slot, Content content) {
    try {
      return ports.flash().digest(slot, Part.MANIFEST).equals(content.manifestDigest())
              && ports.flash().digest(slot, Part.MODEL).equals(content.modelDigest())
          ? Optional.empty()
          : Optional.of("slot " + Slots.label(slot) + " is not what was written there");
    } catch (IOException e) {
      return Optional.of("slot " + Slots.label(slot) + ": " + e.getMessage());
    }
  }

  /** Listens with what that slot holds, after reading it back; says what is wrong when it can't. */
  Optional<String> use(Slot slot, Content content) {
    Optional<String> damage = damage(slot, content);
    if (damage.isPresent()) {
      return damage;
    }
    try {
      ReleaseManifest manifest =
          SignedManifest.parse(ports.flash().read(slot, Part.MANIFEST)).manifest();
      byte[] model = ports.flash().read(slot, Part.MODEL);
      heartbeats.modelChanges();
      ports.listening().use(new ActiveModel(slot, manifest, model));
      heartbeats.becomes(content, slot);
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of("slot " + Slots.label(slot) + ": " + e.getMessage());
    }
  }
}
