package dev.earshot.registry;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.ledger.PinnedRoots;
import dev.earshot.registry.ledger.RegistryRecord;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.ledger.Side;
import dev.earshot.registry.trust.OnlineKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The trust chain of the tests; its publisher is {@link TestRelease#KEY}. */
public final class TestTrust {
  public static final LocalTrust KEYS =
      LocalTrust.of(
          role -> role.equals(LocalTrust.PUBLISHER) ? TestRelease.KEY : SigningKey.generate(),
          TestRelease.EXPIRES);

  public static final OnlineKeys ONLINE = new OnlineKeys(List.of(KEYS.online()));

  private TestTrust() {}

  /** Nothing but roots. */
  public static RegistryState pinned() {
    return RegistryState.of(PinnedRoots.of(KEYS));
  }

  /** With targets that let the publisher publish. */
  public static RegistryState initialised() {
    RegistryState state = pinned();
    ImageRepository image = KEYS.repository(TestRelease.NOW);
    for (Map.Entry<String, byte[]> file : image.files().entrySet()) {
      state =
          state.with(
              new RegistryRecord.Metadata(
                  Side.IMAGE,
                  MetadataFile.parse(file.getKey()),
                  ByteString.copyFrom(file.getValue())));
    }
    return state;
  }

  /** As a registry is given it. */
  public static RegistryConfig.Trust write(Path folder) throws IOException {
    KEYS.anchors().write(folder);
    Path key = folder.resolve("online.key");
    if (!Files.exists(key)) {
      KeyFile.writePlain(key, KEYS.online());
    }
    return RegistryConfig.Trust.of(folder, key);
  }
}
