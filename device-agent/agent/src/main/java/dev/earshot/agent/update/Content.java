package dev.earshot.agent.update;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;

/** A complete, verified release in a slot. */
public record Content(
    ReleaseRef release,
    int counter,
    Digest manifestDigest,
    Digest selfTestDigest,
    Digest modelDigest) {

  /** What a slot holds when it holds every file of that release. */
  public static Content of(SignedManifest signed) {
    return new Content(
        signed.manifest().release(),
        signed.manifest().counter(),
        signed.digest(),
        signed.manifest().selfTest().digest(),
        signed.manifest().model().digest());
  }
}
