package dev.earshot.registry.gc;

import dev.earshot.protocol.Digest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an object below {@code repositories/} says. */
sealed interface RepositoryKey {
  /** Where all of them lie. */
  String FOLDER = "repositories/";

  /** A repository has that blob. */
  record Link(Digest blob) implements RepositoryKey {}

  /** A repository has that manifest. */
  record Manifest(Digest manifest) implements RepositoryKey {}

  /** A tag; the object's content is the digest of its manifest. */
  record Tag() implements RepositoryKey {}

  /** A manifest refers to a subject. */
  record Referrer(Digest manifest) implements RepositoryKey {}

  /** No part of a repository's name starts with an underscore. */
  Pattern FORM =
      Pattern.compile(
          FOLDER + "(?:[^_/][^/]*/)+_(blobs|manifests|tags|referrers/[0-9a-f]{64})/([^/]+)");

  /**
   * @throws IllegalArgumentException when it is of no form that is known here: it may refer to
   *     something
   */
  static RepositoryKey parse(String key) {
    Matcher matcher = FORM.matcher(key);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not an object that the collector knows, so it can't tell what it refers to (expected: "
              + FOLDER
              + "NAME/_blobs/, _manifests/, _tags/ or _referrers/)");
    }
    String last = matcher.group(2);
    return switch (matcher.group(1)) {
      case "blobs" -> new Link(new Digest(last));
      case "manifests" -> new Manifest(new Digest(last));
      case "tags" -> new Tag();
      default -> new Referrer(new Digest(last));
    };
  }
}
