package dev.earshot.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedBrokerIT {
  @TempDir Path folder;

  @Test
  void restartedOnTheSameFolder_recordIsStillThere() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      Records.createTopic(broker.bootstrap());
      Records.produce(broker.bootstrap(), "before");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      Records.produce(broker.bootstrap(), "after");
      assertEquals(List.of("before", "after"), Records.read(broker.bootstrap(), 2));
    }
  }

  @Test
  void processKilled_acknowledgedRecordIsStillThere() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                folder.toString(),
                "acknowledged before the kill")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      while (!"acknowledged".equals(output.readLine())) {
        assertTrue(process.isAlive(), "the broker's process ended by itself");
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      assertEquals(List.of("acknowledged before the kill"), Records.read(broker.bootstrap(), 1));
    }
  }

  @Test
  void portInUse_saysWhichAndWhatToDo() throws Exception {
    try (ServerSocket other =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      int port = other.getLocalPort();
      PortInUseException refused =
          assertThrows(PortInUseException.class, () -> EmbeddedBroker.start(folder, port));
      assertEquals(port, refused.port());
      assertEquals(
          "port "
              + port
              + " is in use: Kafka can't listen there; stop what listens, or pick another with"
              + " --kafka-port",
          refused.getMessage());
    }
  }

  @Test
  void folderInUse_secondBrokerIsRefused() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      BrokerStartException refused =
          assertThrows(BrokerStartException.class, () -> EmbeddedBroker.start(folder, 0));
      assertEquals(
          "data folder "
              + folder
              + " is in use by another Earshot; stop it, or pick another folder with --data",
          refused.getMessage());
      assertTrue(broker.port() > 0);
    }
  }

  @Test
  void folderIsAFile_saysThatItCannotBeWritten() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    BrokerStartException refused =
        assertThrows(BrokerStartException.class, () -> EmbeddedBroker.start(file, 0));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("data folder " + file + " can't be written ("), message);
    assertTrue(message.endsWith("; pick another with --data"), message);
  }
}
