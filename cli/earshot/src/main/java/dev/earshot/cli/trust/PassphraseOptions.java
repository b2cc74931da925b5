package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.SigningKey;
import java.io.Console;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where passphrases come from: a file, the environment, or the person at the terminal, who sees
 * nothing of it. Never the command line, which every process on the machine can read.
 */
public final class PassphraseOptions {
  private static final String VARIABLE = "EARSHOT_KEY_PASSPHRASE";

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "Its first line opens the key files (default: the environment's EARSHOT_KEY_PASSPHRASE,"
              + " else you are asked).")
  private @Nullable Path passphraseFile;

  /** Reads a key, asking for its passphrase when it is encrypted. */
  public SigningKey read(Path file) {
    return KeyFile.read(
        file, () -> given() instanceof char[] given ? given : ask("Passphrase of " + file + ": "));
  }

  /** A passphrase for a new key; asked twice. The caller wipes it. */
  char[] fresh(String what) {
    char[] given = given();
    if (given != null) {
      return given;
    }
    char[] first =
        ask(
            "New passphrase for %s (at least %d characters): "
                .formatted(what, KeyFile.SHORTEST_PASSPHRASE));
    char[] second = ask("The same again: ");
    boolean same = Arrays.equals(first, second);
    Arrays.fill(second, '\0');
    if (!same) {
      Arrays.fill(first, '\0');
      throw new UserError("the two passphrases differ; nothing was written");
    }
    return first;
  }

  private char @Nullable [] given() {
    Path file = passphraseFile;
    if (file != null) {
      return KeyFile.passphrase(file);
    }
    String variable = System.getenv(VARIABLE);
    return variable == null || variable.isEmpty() ? null : variable.toCharArray();
  }

  private static char[] ask(String prompt) {
    Console console = System.console();
    char[] answer =
        console == null || !console.isTerminal() ? null : console.readPassword("%s", prompt);
    if (answer == null) {
      throw new UserError(
          "a passphrase is needed and there is no terminal to ask at. Fix: --passphrase-file FILE,"
              + " or set "
              + VARIABLE
              + ".");
    }
    return answer;
  }
}
