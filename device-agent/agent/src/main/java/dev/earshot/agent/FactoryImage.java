package dev.earshot.agent;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.update.Content;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;

/**
 * The release that a device leaves the factory with. Its signature is not asked for: who writes the
 * flash at the factory also pins the keys.
 *
 * @param manifest the signed manifest's exact bytes
 * @param selfTest a {@code SelfTest} message
 * @param model the {@code .tflite}
 */
@SuppressWarnings(
    "ArrayRecordComponent") // handed to the flash as they are, so that a simulated fleet shares
// them
public record FactoryImage(byte[] manifest, byte[] selfTest, byte[] model) {

  public FactoryImage {
    ReleaseManifest parsed = SignedManifest.parse(manifest).manifest();
    require("self-test", parsed.selfTest(), selfTest);
    require("model", parsed.model(), model);
  }

  /** Writes slot A and the first record; what the flash held before is gone. */
  public DeviceRecord installOn(Flash flash) throws IOException {
    flash.erase(Slot.SLOT_A);
    flash.erase(Slot.SLOT_B);
    flash.append(Slot.SLOT_A, Flash.Part.MANIFEST, manifest);
    flash.append(Slot.SLOT_A, Flash.Part.SELF_TEST, selfTest);
    flash.append(Slot.SLOT_A, Flash.Part.MODEL, model);
    flash.sync(Slot.SLOT_A);
    DeviceRecord record = DeviceRecord.factory(Content.of(SignedManifest.parse(manifest)));
    flash.writeRecord(RecordCodec.encode(record));
    return record;
  }

  private static void require(String what, ReleaseManifest.Target target, byte[] content) {
    if (!target.equals(ReleaseManifest.Target.of(content))) {
      throw new IllegalArgumentException(
          what
              + ": "
              + Digest.of(content)
              + " (expected: "
              + target.digest()
              + ", as the manifest says)");
    }
  }
}
