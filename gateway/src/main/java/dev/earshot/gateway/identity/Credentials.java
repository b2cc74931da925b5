package dev.earshot.gateway.identity;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a connection showed to prove who it is. Its text never shows the password.
 *
 * @param certificate the client certificate of the TLS handshake, which an authority that is
 *     trusted here issued; null when there was none
 */
public record Credentials(
    String clientId,
    @Nullable String username,
    @Nullable String password,
    @Nullable X509Certificate certificate) {
  @Override
  public String toString() {
    return "Credentials[client id '"
        + clientId
        + "', user name "
        + (username == null ? "absent" : "'" + username + "'")
        + ", password "
        + (password == null ? "absent" : "given")
        + ", certificate "
        + (certificate == null ? "absent" : certificate.getSubjectX500Principal())
        + "]";
  }
}
