package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.SigningKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes keys, each in the folder of its holder, encrypted by the holder's passphrase. */
final class KeyMaking {
  private final List<Path> holders;
  private final PassphraseOptions passphrases;
  private final PrintStream out;
  private final Map<Path, char[]> known = new LinkedHashMap<>();

  /**
   * @param holders folders of the key holders; the first key of a role goes to the first, and so on
   */
  KeyMaking(List<Path> holders, PassphraseOptions passphrases, PrintStream out) {
    this.holders = List.copyOf(holders);
    this.passphrases = passphrases;
    this.out = out;
  }

  /** A role's keys: those made here, and those whose holders made them elsewhere. */
  record Made(RoleKeys keys, List<SigningKey> here) {}

  /**
   * Makes what is missing of a role's keys.
   *
   * @param others public keys of holders who keep theirs elsewhere
   */
  Made make(String role, Quorum quorum, List<SigningKey.Public> others) {
    if (others.size() > quorum.keys()) {
      throw new UserError(
          role + ": " + others.size() + " public keys (expected: at most " + quorum.keys() + ")");
    }
    List<SigningKey.Public> all = new ArrayList<>(others);
    List<SigningKey> here = new ArrayList<>();
    for (int i = others.size(); i < quorum.keys(); i++) {
      Path holder = holders.get(here.size() % holders.size());
      SigningKey key = write(holder, role, true);
      here.add(key);
      all.add(key.publicKey());
    }
    return new Made(RoleKeys.of(quorum.threshold(), all), here);
  }

  /** One key for a service, which nobody can be asked a passphrase for: not encrypted. */
  Made online(String role) {
    SigningKey key = write(holders.getFirst(), role, false);
    return new Made(RoleKeys.of(key.publicKey()), List.of(key));
  }

  private SigningKey write(Path holder, String role, boolean encrypted) {
    SigningKey key = SigningKey.generate();
    String id = key.publicKey().keyId().substring(0, 8);
    Path file = holder.resolve(role + "-" + id + ".key");
    try {
      Files.createDirectories(holder);
      if (encrypted) {
        KeyFile.write(file, key, passphrase(holder).clone());
      } else {
        KeyFile.writePlain(file, key);
      }
    } catch (IOException e) {
      throw new UserError("can't write " + file + ": " + e.getMessage(), e);
    }
    out.printf(
        "  %-14s %s  public %s%s%n",
        role, file, key.publicKey().hex(), encrypted ? "" : "  NOT ENCRYPTED");
    return key;
  }

  private char[] passphrase(Path holder) {
    return known.computeIfAbsent(holder, folder -> passphrases.fresh("the keys in " + folder));
  }

  /** Forgets the passphrases. */
  void wipe() {
    known.values().forEach(passphrase -> Arrays.fill(passphrase, '\0'));
    known.clear();
  }
}
