package dev.earshot.gateway.identity;

import dev.earshot.protocol.DeviceId;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Whose a certificate is: a subject alternative name {@code earshot:fleet/device} (a URI) when
 * there is one, else the subject's common name {@code fleet/device}.
 */
final class CertificateIdentity {
  private static final int URI = 6;
  private static final String SCHEME = "earshot:";

  private CertificateIdentity() {}

  /**
   * The device that the certificate names.
   *
   * @throws IllegalArgumentException when it names none, or several
   */
  static DeviceId of(X509Certificate certificate) {
    List<String> names = alternativeNames(certificate);
    if (names.isEmpty()) {
      names = commonNames(certificate);
    }
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "certificate: names %s (expected: one fleet/device, as URI earshot:fleet/device or as common name)"
              .formatted(names));
    }
    return DeviceId.parse(names.getFirst());
  }

  private static List<String> alternativeNames(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        if (name.get(0).equals(URI) && String.valueOf(name.get(1)).startsWith(SCHEME)) {
          names.add(String.valueOf(name.get(1)).substring(SCHEME.length()));
        }
      }
      return names;
    } catch (CertificateParsingException e) {
      throw new IllegalArgumentException("certificate: " + e.getMessage(), e);
    }
  }

  private static List<String> commonNames(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(rdn.getValue()));
        }
      }
      return names;
    } catch (InvalidNameException e) {
      throw new IllegalArgumentException("certificate: " + e.getMessage(), e);
    }
  }
}
