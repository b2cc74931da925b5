package dev.earshot.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds the broker's data: checked, locked for this process, and formatted on first
 * use. The lock ends with the process, however that ends.
 */
final class DataFolder implements AutoCloseable {
  /** Below this Kafka would start, and end the process at the first write that fails. */
  private static final long MIN_FREE_BYTES = 64L << 20;

  private final Path log;
  private final FileChannel lockFile;

  private DataFolder(Path log, FileChannel lockFile) {
    this.log = log;
    this.lockFile = lockFile;
  }

  /**
   * Opens the folder, creating it when it is missing.
   *
   * @throws BrokerStartException when it can't be written, is nearly full, or is in use
   */
  static DataFolder open(Path folder) {
    Path log = folder.resolve("log");
    FileChannel lockFile = null;
    try {
      Files.createDirectories(log);
      long freeBytes = Files.getFileStore(log).getUsableSpace();
      if (freeBytes < MIN_FREE_BYTES) {
        throw new BrokerStartException(
            "data folder "
                + folder
                + ": only "
                + (freeBytes >> 20)
                + " MiB free (needed: "
                + (MIN_FREE_BYTES >> 20)
                + "); free some space, or pick another folder with --data",
            null);
      }
      lockFile =
          FileChannel.open(
              folder.resolve("in-use.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(lockFile) == null) {
        throw new BrokerStartException(
            "data folder "
                + folder
                + " is in use by another Earshot; stop it, or pick another folder with --data",
            null);
      }
      DataFolder opened = new DataFolder(log, lockFile);
      opened.formatIfNew();
      lockFile = null;
      return opened;
    } catch (IOException e) {
      throw new BrokerStartException(
          "data folder " + folder + " can't be written (" + e + "); pick another with --data", e);
    } finally {
      closeQuietly(lockFile);
    }
  }

  /** Where Kafka keeps its log segments. */
  Path log() {
    return log;
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private void formatIfNew() throws IOException {
    if (Files.exists(log.resolve("meta.properties"))) {
      return;
    }
    try {
      new Formatter()
          .setNodeId(EmbeddedBroker.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setDirectories(List.of(log.toString()))
          .setMetadataLogDirectory(log.toString())
          .setControllerListenerName(EmbeddedBroker.CONTROLLER_LISTENER)
          // Not the test kit's default: data must still be readable by the next release.
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))
          .run();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new BrokerStartException(
          "data folder " + log + " can't be formatted: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    closeQuietly(lockFile);
  }

  private static void closeQuietly(@Nullable FileChannel file) {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      // Only the lock is in it, and the process holds it no longer.
    }
  }
}
