package dev.earshot.gateway.identity;

import org.jspecify.annotations.Nullable;

/** What a connection showed to prove who it is. Its text never shows the password. */
public record Credentials(String clientId, @Nullable String username, @Nullable String password) {
  @Override
  public String toString() {
    return "Credentials[client id '"
        + clientId
        + "', user name "
        + (username == null ? "absent" : "'" + username + "'")
        + ", password "
        + (password == null ? "absent" : "given")
        + "]";
  }
}
