package dev.earshot.gateway.identity;

import dev.earshot.protocol.DeviceId;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a connection has shown whose it is. It is looked at again while the session lasts: what it
 * rests on may be withdrawn.
 *
 * @param device whose connection it is
 * @param certificate that was shown; null when it was something else
 * @param until the certificate's or the token's end; {@link Instant#MAX} when there is none
 */
public record Proof(DeviceId device, @Nullable X509Certificate certificate, Instant until) {
  /** Believed. */
  public static Proof none(DeviceId device) {
    return new Proof(device, null, Instant.MAX);
  }
}
