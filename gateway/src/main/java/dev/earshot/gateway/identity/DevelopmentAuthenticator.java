package dev.earshot.gateway.identity;

import dev.earshot.protocol.DeviceId;

/** Believes every user name of the form {@code fleet/device}, and asks for no proof. */
public final class DevelopmentAuthenticator implements Authenticator {
  @Override
  public Authentication authenticate(Credentials credentials) {
    String username = credentials.username();
    if (username == null || username.isEmpty()) {
      return new Authentication.Refused("no user name (expected: fleet/device)");
    }
    try {
      return new Authentication.Accepted(DeviceId.parse(username));
    } catch (IllegalArgumentException e) {
      return new Authentication.Refused("user name: " + e.getMessage());
    }
  }
}
