package dev.earshot.protocol.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/**
 * A signing key on disk: PKCS #8 in PEM (RFC 7468, 8410), with mode 0600. With a passphrase it is
 * encrypted by PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256, {@value #ITERATIONS} iterations and 16
 * bytes of salt, then AES-256-CBC; {@code openssl pkey} reads and writes the same. Without one,
 * whoever can read the file can sign.
 */
public final class KeyFile {
  /** OWASP's figure for PBKDF2-HMAC-SHA256 (Password Storage Cheat Sheet, 2023). */
  static final int ITERATIONS = 600_000;

  /** Shorter passphrases are refused; characters. */
  public static final int SHORTEST_PASSPHRASE = 12;

  /** More iterations than this in a foreign file would only keep the reader busy. */
  private static final int MOST_ITERATIONS = 20_000_000;

  private static final int LONGEST = 16 * 1024;
  private static final String SCHEME = "PBEWithHmacSHA256AndAES_256";
  private static final String PLAIN = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

  private KeyFile() {}

  /**
   * Writes an encrypted key to a new file.
   *
   * @param passphrase at least {@value #SHORTEST_PASSPHRASE} characters; the caller wipes it
   * @throws IOException when it can't be written, or is there already: no key is ever overwritten
   */
  public static void write(Path file, SigningKey key, char[] passphrase) throws IOException {
    write(file, encrypt(key, passphrase));
  }

  /** Writes a key that nothing but the file's mode protects: for services, and for one machine. */
  public static void writePlain(Path file, SigningKey key) throws IOException {
    write(file, key.toPem());
  }

  private static void write(Path file, String pem) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (var channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
      channel.write(StandardCharsets.US_ASCII.encode(pem));
    }
  }

  /**
   * Reads a key.
   *
   * @param passphrase asked only when the key is encrypted; what it gives is wiped
   * @throws IllegalArgumentException naming the file and what is wrong with it
   */
  public static SigningKey read(Path file, Supplier<char[]> passphrase) {
    String pem = text(file);
    try {
      if (!pem.contains("-----BEGIN " + ENCRYPTED)) {
        return key(der(pem, PLAIN));
      }
      char[] secret = passphrase.get();
      try {
        return decrypt(pem, secret);
      } finally {
        Arrays.fill(secret, '\0');
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The first line of a file, for {@link #read}.
   *
   * @throws IllegalArgumentException when it can't be read
   */
  public static char[] passphrase(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": the passphrase can't be read", e);
    }
    CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    int end = 0;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    char[] line = new char[end];
    text.get(line);
    Arrays.fill(bytes, (byte) 0);
    if (text.hasArray()) {
      Arrays.fill(text.array(), '\0');
    }
    return line;
  }

  /** Whether a passphrase is needed to read it. */
  public static boolean isEncrypted(Path file) {
    return text(file).contains("-----BEGIN " + ENCRYPTED);
  }

  private static String text(Path file) {
    try {
      requireNotForAll(file);
      if (Files.size(file) > LONGEST) {
        throw new IllegalArgumentException(
            file + ": longer than " + LONGEST + " bytes (expected: a key file)");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": there is no such key file", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": can't be read: " + e.getMessage(), e);
    }
  }

  private static void requireNotForAll(Path file) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      throw new IllegalArgumentException(
          file
              + ": everybody on this machine can read this key, so it may be stolen already (fix:"
              + " chmod 600, and think about replacing the key)");
    }
  }

  /** The text of an encrypted key file. */
  static String encrypt(SigningKey key, char[] passphrase) {
    if (passphrase.length < SHORTEST_PASSPHRASE) {
      throw new IllegalArgumentException(
          "passphrase: "
              + passphrase.length
              + " characters (expected: at least "
              + SHORTEST_PASSPHRASE
              + ")");
    }
    SecureRandom random = new SecureRandom();
    byte[] salt = new byte[16];
    byte[] iv = new byte[16];
    random.nextBytes(salt);
    random.nextBytes(iv);
    byte[] plain = der(key.toPem(), PLAIN);
    try {
      Cipher cipher = Cipher.getInstance(SCHEME);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          secret(passphrase),
          new PBEParameterSpec(salt, ITERATIONS, new IvParameterSpec(iv)));
      // The cipher's name is the platform's own; in the file stands the standard's identifier.
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
      parameters.init(cipher.getParameters().getEncoded());
      byte[] der = new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(plain)).getEncoded();
      return "# Earshot signing key, encrypted.\n# public: "
          + key.publicKey().hex()
          + "\n"
          + pem(ENCRYPTED, der);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java platform has " + SCHEME, e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static SecretKey secret(char[] passphrase) throws GeneralSecurityException {
    PBEKeySpec spec = new PBEKeySpec(passphrase);
    try {
      return SecretKeyFactory.getInstance(SCHEME).generateSecret(spec);
    } finally {
      spec.clearPassword();
    }
  }

  private static SigningKey decrypt(String pem, char[] passphrase) {
    byte[] plain = new byte[0];
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der(pem, ENCRYPTED));
      AlgorithmParameters parameters = info.getAlgParameters();
      // The name of a PBES2 scheme is known to its parameters only.
      String scheme = parameters.toString();
      if (!scheme.startsWith("PBEWithHmacSHA")) {
        throw new IllegalArgumentException(
            "encrypted by " + info.getAlgName() + " (expected: PBES2 with PBKDF2 and AES)");
      }
      int iterations = parameters.getParameterSpec(PBEParameterSpec.class).getIterationCount();
      if (iterations > MOST_ITERATIONS) {
        throw new IllegalArgumentException(
            iterations + " iterations (expected: at most " + MOST_ITERATIONS + ")");
      }
      Cipher cipher = Cipher.getInstance(scheme);
      PBEKeySpec spec = new PBEKeySpec(passphrase);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(scheme).generateSecret(spec),
          parameters);
      spec.clearPassword();
      plain = cipher.doFinal(info.getEncryptedData());
      return key(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the passphrase does not open this key", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not an encrypted PKCS #8 key: " + e.getMessage(), e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** The public half follows from the private one. */
  private static SigningKey key(byte[] der) {
    try {
      EdECPrivateKey key =
          (EdECPrivateKey)
              KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
      byte[] seed =
          key.getBytes().orElseThrow(() -> new IllegalArgumentException("not an Ed25519 key"));
      try {
        return SigningKey.ofSeed(seed);
      } finally {
        Arrays.fill(seed, (byte) 0);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an Ed25519 key: " + e.getMessage(), e);
    }
  }

  private static byte[] der(String pem, String label) {
    String head = "-----BEGIN " + label + "-----";
    int from = pem.indexOf(head);
    int to = pem.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("not a key file (expected: a PEM block " + label + ")");
    }
    return Base64.getMimeDecoder().decode(pem.substring(from + head.length(), to).strip());
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
