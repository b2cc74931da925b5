package dev.earshot.registry.oci;

import dev.earshot.protocol.Digest;

/**
 * Where a repository's objects lie. No part of a repository's name starts with an underscore, so a
 * repository may lie within another one's folder.
 */
final class Layout {
  private Layout() {}

  private static String folder(RepositoryName name) {
    return "repositories/" + name + "/";
  }

  /** That this repository has that blob; the content lies with all others'. Empty. */
  static String blob(RepositoryName name, Digest digest) {
    return blobs(name) + digest.hex();
  }

  static String blobs(RepositoryName name) {
    return folder(name) + "_blobs/";
  }

  /** That this repository has that manifest: its media type. */
  static String manifest(RepositoryName name, Digest digest) {
    return manifests(name) + digest.hex();
  }

  static String manifests(RepositoryName name) {
    return folder(name) + "_manifests/";
  }

  /** Which manifest a tag is: its digest. */
  static String tag(RepositoryName name, Reference.Tag tag) {
    return tags(name) + tag.value();
  }

  static String tags(RepositoryName name) {
    return folder(name) + "_tags/";
  }

  /** That a manifest refers to a subject: its descriptor. */
  static String referrer(RepositoryName name, Digest subject, Digest digest) {
    return referrers(name, subject) + digest.hex();
  }

  static String referrers(RepositoryName name, Digest subject) {
    return folder(name) + "_referrers/" + subject.hex() + "/";
  }
}
