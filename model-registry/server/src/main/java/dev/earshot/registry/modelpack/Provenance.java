package dev.earshot.registry.modelpack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.release.ReleaseFile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a release comes from, as supply-chain tools read it: an in-toto statement with SLSA's
 * provenance predicate v1, in a DSSE envelope that the publisher signs. Says what the card's
 * lineage says; that the training really ran so is the publisher's word.
 */
final class Provenance {
  /** SLSA's predicate. */
  static final String PREDICATE = "https://slsa.dev/provenance/v1";

  private static final String STATEMENT = "https://in-toto.io/Statement/v1";
  private static final String BUILD = "https://earshot.dev/training/v1";
  private static final String BUILDER = "https://earshot.dev/trainer";

  private Provenance() {}

  /** The statement about the files of a release. */
  static byte[] statement(ReleaseManifest manifest, ReleaseCard.Lineage lineage) {
    ObjectNode statement = OciJson.object().put("_type", STATEMENT);
    ArrayNode subjects = statement.putArray("subject");
    for (ReleaseFile file : ReleaseFile.values()) {
      subjects
          .addObject()
          .put("name", file.fileName())
          .putObject("digest")
          .put("sha256", file.in(manifest).digest().hex());
    }
    statement.put("predicateType", PREDICATE);
    ObjectNode predicate = statement.putObject("predicate");
    ObjectNode definition = predicate.putObject("buildDefinition").put("buildType", BUILD);
    definition
        .putObject("externalParameters")
        .put("release", manifest.release().toString())
        .put("recipe", lineage.recipe().toString())
        .put("seed", lineage.seed());
    ArrayNode dependencies = definition.putArray("resolvedDependencies");
    dependency(dependencies, "recipe", lineage.recipe());
    dependency(dependencies, "training-audio", lineage.data());
    ReleaseRef parent = lineage.parent();
    if (parent != null) {
      dependencies.addObject().put("name", "parent").put("uri", "oci:" + parent);
    }
    predicate.putObject("runDetails").putObject("builder").put("id", BUILDER);
    return OciJson.bytes(statement);
  }

  private static void dependency(ArrayNode dependencies, String name, Digest digest) {
    dependencies.addObject().put("name", name).putObject("digest").put("sha256", digest.hex());
  }

  /** The statement in its envelope. */
  static byte[] envelope(byte[] statement, SigningKey key) {
    ObjectNode envelope =
        OciJson.object()
            .put("payloadType", MediaTypes.IN_TOTO)
            .put("payload", Base64.getEncoder().encodeToString(statement));
    envelope
        .putArray("signatures")
        .addObject()
        .put("keyid", key.publicKey().keyId())
        .put(
            "sig",
            Base64.getEncoder()
                .encodeToString(key.sign(preAuthentication(MediaTypes.IN_TOTO, statement))));
    return OciJson.bytes(envelope);
  }

  /**
   * What is signed: DSSE's pre-authentication encoding, {@code DSSEv1 LENGTH TYPE LENGTH BODY}, so
   * that a body can't be passed off as one of another type.
   */
  static byte[] preAuthentication(String type, byte[] body) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
    encoded.writeBytes(("DSSEv1 " + typeBytes.length + " ").getBytes(StandardCharsets.US_ASCII));
    encoded.writeBytes(typeBytes);
    encoded.writeBytes((" " + body.length + " ").getBytes(StandardCharsets.US_ASCII));
    encoded.writeBytes(body);
    return encoded.toByteArray();
  }
}
