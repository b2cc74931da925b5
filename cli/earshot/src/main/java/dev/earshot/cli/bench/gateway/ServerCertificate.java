package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;

/** A certificate for the loopback address (P-256), signed by itself, made by the JDK's keytool. */
final class ServerCertificate {
  private static final String PASSWORD = "only-for-a-benchmark";
  private static final String ALIAS = "gateway";
  private static final Base64.Encoder MIME =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private ServerCertificate() {}

  /** Where the certificate is. */
  static Path chain(Path folder) {
    return folder.resolve("gateway-certificate.pem");
  }

  private static Path key(Path folder) {
    return folder.resolve("gateway-key.pem");
  }

  /** The settings of a gateway that serves TLS with it. */
  static Map<String, String> gateway(Path folder, int port) {
    return Map.of(
        "EARSHOT_MQTTS_PORT",
        Integer.toString(port),
        "EARSHOT_TLS_CERTIFICATE",
        chain(folder).toString(),
        "EARSHOT_TLS_KEY",
        key(folder).toString());
  }

  /** Makes it, and writes it and its key into the folder. */
  static void generate(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("gateway.p12");
    Path log = folder.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=gateway",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new UserError("keytool made no certificate: " + Files.readString(log).strip());
    }
    KeyStore made = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      made.load(in, PASSWORD.toCharArray());
    }
    Key key = made.getKey(ALIAS, PASSWORD.toCharArray());
    Files.writeString(chain(folder), pem("CERTIFICATE", made.getCertificate(ALIAS).getEncoded()));
    Files.writeString(key(folder), pem("PRIVATE KEY", key.getEncoded()));
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(type, MIME.encodeToString(content), type);
  }
}
