package dev.earshot.rollout.operator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says who the bearer of a token is. Files that it reads count as soon as they change. */
public final class Operators {
  private static final long LOOK_MILLIS = 1_000;
  private static final int LONGEST_TOKEN = 16 * 1024;

  private final List<Secret> admin;
  private final @Nullable WatchedFile<List<Secret>> file;
  private final @Nullable WatchedFile<SignedTokens> signed;

  private Operators(
      List<Secret> admin,
      @Nullable WatchedFile<List<Secret>> file,
      @Nullable WatchedFile<SignedTokens> signed) {
    this.admin = admin;
    this.file = file;
    this.signed = signed;
  }

  /**
   * Reads what the settings name, and looks every second whether it has changed.
   *
   * @throws IllegalStateException when a file can't be used, naming it and what is wrong
   */
  public static Operators open(Vertx vertx, OperatorSettings settings) {
    String token = settings.adminToken();
    OperatorSettings.Jwt jwt = settings.jwt();
    Operators operators =
        new Operators(
            token.isEmpty()
                ? List.of()
                : List.of(new Secret(Secret.digest(token), Operator.admin())),
            settings.file() == null
                ? null
                : WatchedFile.open(settings.file(), OperatorsFile::parse),
            jwt == null
                ? null
                : WatchedFile.open(jwt.jwks(), keys -> SignedTokens.parse(vertx, jwt, keys)));
    vertx.setPeriodic(
        LOOK_MILLIS,
        timer ->
            vertx.executeBlocking(
                () -> {
                  operators.refresh();
                  return null;
                }));
    return operators;
  }

  /** Looks whether files have changed. */
  void refresh() {
    if (file != null) {
      file.refresh();
    }
    if (signed != null) {
      signed.refresh();
    }
  }

  /**
   * Who bears that token; empty when nobody is known by it. Tokens that are not signed are compared
   * with every known one, so that the time it takes does not tell how near a guess was.
   */
  public Future<Optional<Operator>> bearer(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return Future.succeededFuture(Optional.empty());
    }
    byte[] digest = Secret.digest(token);
    List<Secret> secrets = new ArrayList<>(admin);
    if (file != null) {
      secrets.addAll(file.value().orElse(List.of()));
    }
    Optional<Operator> found = Optional.empty();
    for (Secret secret : secrets) {
      if (secret.matches(digest)) {
        found = Optional.of(secret.operator());
      }
    }
    Optional<SignedTokens> verifier = signed == null ? Optional.empty() : signed.value();
    if (found.isPresent()
        || verifier.isEmpty()
        || token.chars().filter(c -> c == '.').count() != 2) {
      return Future.succeededFuture(found);
    }
    return verifier.get().verify(token).map(Optional::of).otherwise(Optional.empty());
  }
}
