package dev.earshot.gateway.identity;

import dev.earshot.protocol.DeviceId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Who is no longer believed: the denylist's devices, revoked certificates, expired proofs. */
final class Revocations {
  private final Supplier<Set<DeviceId>> denied;
  private final Supplier<List<X509CRL>> lists;

  Revocations(Supplier<Set<DeviceId>> denied, Supplier<List<X509CRL>> lists) {
    this.denied = denied;
    this.lists = lists;
  }

  /** Why that proof does not hold at that time; empty when it does. */
  Optional<String> against(Proof proof, Instant now) {
    if (denied.get().contains(proof.device())) {
      return Optional.of(proof.device() + " is on the denylist");
    }
    if (!now.isBefore(proof.until())) {
      return Optional.of("its proof ended at " + proof.until());
    }
    X509Certificate certificate = proof.certificate();
    return certificate == null ? Optional.empty() : revoked(certificate);
  }

  private Optional<String> revoked(X509Certificate certificate) {
    for (X509CRL list : lists.get()) {
      if (list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())) {
        X509CRLEntry entry = list.getRevokedCertificate(certificate.getSerialNumber());
        if (entry != null) {
          return Optional.of(
              "certificate %x was revoked at %s"
                  .formatted(certificate.getSerialNumber(), entry.getRevocationDate().toInstant()));
        }
      }
    }
    return Optional.empty();
  }

  /** Reads a denylist. */
  static Set<DeviceId> denylist(byte[] bytes) {
    Set<DeviceId> devices = new HashSet<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          devices.add(DeviceId.parse(text));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
        }
      }
    }
    return Set.copyOf(devices);
  }

  /**
   * Reads revocation lists (PEM, or one in DER). Each must be signed by one of the authorities; a
   * list that is overdue is still better than none and counts.
   */
  static List<X509CRL> lists(byte[] bytes, Collection<X509Certificate> authorities) {
    try {
      List<X509CRL> lists =
          CertificateFactory.getInstance("X.509")
              .generateCRLs(new ByteArrayInputStream(bytes))
              .stream()
              .map(X509CRL.class::cast)
              .toList();
      for (X509CRL list : lists) {
        requireSigned(list, authorities);
      }
      return lists;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a revocation list: " + e.getMessage(), e);
    }
  }

  private static void requireSigned(X509CRL list, Collection<X509Certificate> authorities) {
    for (X509Certificate authority : authorities) {
      try {
        list.verify(authority.getPublicKey());
        return;
      } catch (GeneralSecurityException e) {
        // Not by this one; perhaps by the next.
        continue;
      }
    }
    throw new IllegalArgumentException(
        "the list of "
            + list.getIssuerX500Principal()
            + " is signed by no authority of EARSHOT_DEVICE_CA");
  }
}
