package dev.earshot.gateway.identity;

import dev.earshot.protocol.DeviceId;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Believes every user name of the form {@code fleet/device}, and asks for no proof. */
public final class DevelopmentAuthenticator implements Authenticator {
  @Override
  public Future<Authentication> authenticate(Credentials credentials) {
    return Future.succeededFuture(believe(credentials.username()));
  }

  private static Authentication believe(@Nullable String username) {
    if (username == null || username.isEmpty()) {
      return new Authentication.Refused("no user name (expected: fleet/device)");
    }
    try {
      return new Authentication.Accepted(Proof.none(DeviceId.parse(username)));
    } catch (IllegalArgumentException e) {
      return new Authentication.Refused("user name: " + e.getMessage());
    }
  }
}
