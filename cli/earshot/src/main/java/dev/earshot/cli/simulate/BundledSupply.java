package dev.earshot.cli.simulate;

import com.google.protobuf.ByteString;
import dev.earshot.cli.up.BundledReleases;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.release.ReleaseFile;
import dev.earshot.simulator.registry.MemoryReleases;
import dev.earshot.simulator.virtual.VirtualRun;
import dev.earshot.simulator.virtual.VirtualSupply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The bundled releases as virtual time knows them: signed by a key that is always the same, so that
 * their manifests and all that names them are, too. Nobody else trusts that key.
 */
final class BundledSupply {
  private static final Instant EXPIRES = VirtualRun.START.plus(Duration.ofDays(3650));
  private static final LocalTrust TRUST = LocalTrust.ofSeed("earshot simulate --virtual", EXPIRES);
  private static final SigningKey KEY = TRUST.publisher();

  private final MemoryReleases files = new MemoryReleases();
  private final List<ModelRelease> releases = new ArrayList<>();

  /** Signs what this program was built with. */
  BundledSupply() {
    BundledReleases.names().forEach(name -> add(BundledReleases.read(name)));
  }

  /** All keys of that world. */
  LocalTrust trust() {
    return TRUST;
  }

  /** For the devices. */
  VirtualSupply supply() {
    return new VirtualSupply(files, TRUST);
  }

  /** As the registry tells of them, in the order of their counters. */
  List<ModelRelease> releases() {
    return List.copyOf(releases);
  }

  private void add(ReleaseFolder folder) {
    SignedManifest signed = folder.sign(KEY, EXPIRES);
    files.publish(
        signed,
        folder.content(ReleaseFile.MODEL),
        folder.content(ReleaseFile.SELF_TEST),
        folder.content(ReleaseFile.EVALUATION));
    releases.add(announced(signed));
  }

  private static ModelRelease announced(SignedManifest signed) {
    ReleaseManifest manifest = signed.manifest();
    return ModelRelease.newBuilder()
        .setName(manifest.release().name())
        .setVersion(manifest.release().version())
        .setCounter(manifest.counter())
        .addAllChips(manifest.chips())
        .setManifest(ByteString.copyFrom(signed.bytes().toArray()))
        .setManifestDigest(ByteString.copyFrom(signed.digest().bytes()))
        .setModelDigest(ByteString.copyFrom(manifest.model().digest().bytes()))
        .setModelLength(manifest.model().length())
        .setStatus(ReleaseStatus.APPROVED)
        .setPublishedAtMs(VirtualRun.START.toEpochMilli())
        .build();
  }
}
