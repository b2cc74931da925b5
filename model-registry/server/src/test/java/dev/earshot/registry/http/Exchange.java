package dev.earshot.registry.http;

import static dev.earshot.registry.http.OciClient.INDEX;
import static dev.earshot.registry.http.OciClient.MANIFEST;
import static dev.earshot.registry.http.OciClient.NOTHING;
import static dev.earshot.registry.http.OciClient.bytes;
import static dev.earshot.registry.http.OciClient.location;
import static dev.earshot.registry.http.OciClient.manifest;
import static dev.earshot.registry.http.OciClient.with;

import dev.earshot.protocol.Digest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One question to a registry, asked of this one and of {@code docker-registry}. Each has a
 * repository of its own.
 *
 * @param name what is asked, in words
 * @param ask prepares what the question needs and asks it; gets the client and the repository
 * @param ours empty when both answer alike; otherwise this registry's status and error code
 * @param why why it answers otherwise: a part of the OCI Distribution Specification 1.1, or words
 */
record Exchange(
    String name, BiFunction<OciClient, String, HttpResponse<byte[]>> ask, String ours, String why) {
  private static final byte[] BLOB = bytes("hello, registry");
  private static final Digest DIGEST = Digest.of(BLOB);
  private static final Digest ABSENT = Digest.of(bytes("never pushed"));

  static final List<Exchange> TABLE =
      List.of(
          // end-1
          same("version check", (c, r) -> c.get("/v2/")),
          // end-2
          same("blob", (c, r) -> c.get(pushed(c, r))),
          same("blob, HEAD", (c, r) -> c.send("HEAD", pushed(c, r), NOTHING)),
          same("blob, unknown", (c, r) -> c.get("/v2/" + r + "/blobs/" + ABSENT)),
          same("blob, unknown, HEAD", (c, r) -> head(c, "/v2/" + r + "/blobs/" + ABSENT)),
          same(
              "blob, known under another name only",
              (c, r) -> {
                pushed(c, r + "-other");
                return c.get("/v2/" + r + "/blobs/" + DIGEST);
              }),
          same("blob, range", (c, r) -> c.get(pushed(c, r), "Range", "bytes=2-5")),
          same("blob, open range", (c, r) -> c.get(pushed(c, r), "Range", "bytes=7-")),
          same("blob, suffix range", (c, r) -> c.get(pushed(c, r), "Range", "bytes=-4")),
          same(
              "blob, If-None-Match",
              (c, r) -> c.get(pushed(c, r), "If-None-Match", "\"" + DIGEST + "\"")),
          same("blob, digest too short", (c, r) -> c.get("/v2/" + r + "/blobs/sha256:abc")),
          other(
              "blob, digest is no digest",
              "400 DIGEST_INVALID",
              "code-4: a digest of a wrong form is told as such",
              (c, r) -> c.get("/v2/" + r + "/blobs/nonsense")),
          other(
              "blob, sha512",
              "400 DIGEST_INVALID",
              "content is named by SHA-256 only (end-2; other algorithms are optional), and this says so",
              (c, r) -> c.get("/v2/" + r + "/blobs/sha512:" + "ab".repeat(64))),
          other(
              "blob, name with capitals",
              "400 NAME_INVALID",
              "code-8: a name of a wrong form is told as such",
              (c, r) -> c.get("/v2/Models/blobs/" + DIGEST)),
          other(
              "blob, name of 300 characters",
              "400 NAME_INVALID",
              "code-8: names have 255 characters at most",
              (c, r) -> c.get("/v2/" + "a".repeat(300) + "/blobs/" + DIGEST)),
          // end-3
          same("manifest by tag", (c, r) -> c.get(tagged(c, r))),
          same("manifest by tag, HEAD", (c, r) -> head(c, tagged(c, r))),
          same(
              "manifest by digest",
              (c, r) -> {
                String path = tagged(c, r);
                return c.get("/v2/" + r + "/manifests/" + Digest.of(c.get(path).body()));
              }),
          same(
              "manifest, unknown tag",
              (c, r) -> {
                tagged(c, r);
                return c.get("/v2/" + r + "/manifests/missing");
              }),
          same("manifest, unknown digest", (c, r) -> c.get("/v2/" + r + "/manifests/" + ABSENT)),
          same("manifest, unknown tag, HEAD", (c, r) -> head(c, "/v2/" + r + "/manifests/missing")),
          other(
              "manifest, impossible tag",
              "404 MANIFEST_UNKNOWN",
              "code-7, in the form of errors that the specification gives",
              (c, r) -> c.get("/v2/" + r + "/manifests/.tag")),
          other(
              "manifest, If-None-Match",
              "304",
              "RFC 9110, section 15.4.5: 304 has the headers that 200 would have",
              (c, r) -> {
                String path = tagged(c, r);
                return c.get(path, "If-None-Match", "\"" + Digest.of(c.get(path).body()) + "\"");
              }),
          // end-4
          same("upload, begun", (c, r) -> c.send("POST", uploads(r), NOTHING)),
          other(
              "upload, name with capitals",
              "400 NAME_INVALID",
              "code-8: a name of a wrong form is told as such",
              (c, r) -> c.send("POST", "/v2/Models/blobs/uploads/", NOTHING)),
          other(
              "single POST",
              "201",
              "end-4b: taken in one request",
              (c, r) -> c.send("POST", uploads(r) + "?digest=" + DIGEST, BLOB)),
          // end-5
          same("chunk", (c, r) -> c.chunk(c.begin(r), 0, BLOB)),
          same(
              "chunk, second",
              (c, r) -> c.chunk(location(c.chunk(c.begin(r), 0, BLOB)), BLOB.length, BLOB)),
          other(
              "chunk, out of order",
              "416 BLOB_UPLOAD_INVALID",
              "end-5: chunks out of order are answered 416",
              (c, r) -> c.chunk(location(c.chunk(c.begin(r), 0, BLOB)), 99, BLOB)),
          other(
              "chunk, repeated",
              "416 BLOB_UPLOAD_INVALID",
              "end-5: chunks out of order are answered 416",
              (c, r) -> c.chunk(location(c.chunk(c.begin(r), 0, BLOB)), 0, BLOB)),
          same("chunk, without Content-Range", (c, r) -> c.send("PATCH", c.begin(r), BLOB)),
          other(
              "chunk, malformed Content-Range",
              "416 BLOB_UPLOAD_INVALID",
              "end-5: the range has a form",
              (c, r) -> c.send("PATCH", c.begin(r), BLOB, "Content-Range", "all")),
          other(
              "chunk, Content-Range of another length",
              "400 SIZE_INVALID",
              "code-10: nothing is guessed about a chunk that contradicts itself",
              (c, r) -> c.send("PATCH", c.begin(r), BLOB, "Content-Range", "0-99")),
          other(
              "chunk, unknown upload",
              "404 BLOB_UPLOAD_UNKNOWN",
              "code-3 is the code for it",
              (c, r) -> c.chunk(uploads(r) + "00000000-0000-4000-8000-000000000000", 0, BLOB)),
          // end-6
          same(
              "finish, all at once",
              (c, r) -> c.send("PUT", with(c.begin(r), "digest=" + DIGEST), BLOB)),
          same(
              "finish, after chunks",
              (c, r) ->
                  c.send(
                      "PUT",
                      with(location(c.chunk(c.begin(r), 0, BLOB)), "digest=" + DIGEST),
                      NOTHING)),
          same(
              "finish, wrong digest",
              (c, r) -> c.send("PUT", with(c.begin(r), "digest=" + ABSENT), BLOB)),
          other(
              "finish, upload after wrong digest",
              "404 BLOB_UPLOAD_UNKNOWN",
              "code-3 is the code for it",
              (c, r) -> {
                String upload = c.begin(r);
                c.send("PUT", with(upload, "digest=" + ABSENT), BLOB);
                return c.get(upload);
              }),
          same("finish, no digest", (c, r) -> c.send("PUT", c.begin(r), BLOB)),
          same(
              "finish, malformed digest",
              (c, r) -> c.send("PUT", with(c.begin(r), "digest=sha256:abc"), BLOB)),
          same(
              "finish, sha512",
              (c, r) -> c.send("PUT", with(c.begin(r), "digest=sha512:" + "ab".repeat(64)), BLOB)),
          same(
              "finish, twice",
              (c, r) -> {
                String upload = with(c.begin(r), "digest=" + DIGEST);
                c.send("PUT", upload, BLOB);
                return c.send("PUT", upload, BLOB);
              }),
          same(
              "finish, empty blob",
              (c, r) -> c.send("PUT", with(c.begin(r), "digest=" + Digest.of(NOTHING)), NOTHING)),
          // end-7
          same("push manifest", (c, r) -> c.tag(r, "v1", c.artifact(r, "layer"))),
          same(
              "push manifest, the same again",
              (c, r) -> {
                c.tag(r, "v1", c.artifact(r, "layer"));
                return c.tag(r, "v1", c.artifact(r, "layer"));
              }),
          same(
              "push manifest by its digest",
              (c, r) -> {
                String manifest = c.artifact(r, "layer");
                return c.tag(r, Digest.of(bytes(manifest)).toString(), manifest);
              }),
          same(
              "push manifest by another digest",
              (c, r) -> c.tag(r, ABSENT.toString(), c.artifact(r, "layer"))),
          other(
              "push manifest, layer missing",
              "404 MANIFEST_BLOB_UNKNOWN",
              "end-7 fails with 404",
              (c, r) -> c.tag(r, "v1", manifest(c.push(r, bytes("{}")), ABSENT, 12, ""))),
          other(
              "push manifest, config and layer missing",
              "404 MANIFEST_BLOB_UNKNOWN",
              "end-7 fails with 404",
              (c, r) -> c.tag(r, "v1", manifest(ABSENT, ABSENT, 12, ""))),
          same("push manifest, no JSON", (c, r) -> c.tag(r, "v1", "nonsense")),
          same(
              "push manifest, empty body",
              (c, r) ->
                  c.send("PUT", "/v2/" + r + "/manifests/v1", NOTHING, "Content-Type", MANIFEST)),
          same(
              "push manifest, other Content-Type than its mediaType",
              (c, r) ->
                  c.send(
                      "PUT",
                      "/v2/" + r + "/manifests/v1",
                      bytes(c.artifact(r, "layer")),
                      "Content-Type",
                      INDEX)),
          same(
              "push manifest, unknown kind",
              (c, r) ->
                  c.send(
                      "PUT",
                      "/v2/" + r + "/manifests/v1",
                      bytes("{\"schemaVersion\":2}"),
                      "Content-Type",
                      "application/vnd.test+json")),
          same(
              "push manifest, both manifest and index",
              (c, r) ->
                  c.tag(
                      r,
                      "v1",
                      manifest(
                          c.push(r, bytes("{}")),
                          c.push(r, BLOB),
                          BLOB.length,
                          ",\"manifests\":[]"))),
          other(
              "push manifest, layer of another size",
              "400 MANIFEST_INVALID",
              "image specification, descriptor: a client would refuse the blob of another size",
              (c, r) -> c.tag(r, "v1", manifest(c.push(r, bytes("{}")), c.push(r, BLOB), 3, ""))),
          other(
              "push manifest, too large",
              "413 MANIFEST_INVALID",
              "413, as the specification recommends for manifests above the limit",
              (c, r) -> c.tag(r, "v1", " ".repeat(5 << 20))),
          other(
              "push manifest, impossible tag",
              "400 MANIFEST_INVALID",
              "code-6, in the form of errors that the specification gives",
              (c, r) -> c.tag(r, ".v1", c.artifact(r, "layer"))),
          other(
              "push manifest with a subject",
              "201",
              "end-7: OCI-Subject tells that referrers are kept",
              (c, r) ->
                  c.tag(
                      r,
                      "v1",
                      manifest(
                          c.push(r, bytes("{}")),
                          c.push(r, BLOB),
                          BLOB.length,
                          ",\"subject\":{\"mediaType\":\""
                              + MANIFEST
                              + "\",\"digest\":\""
                              + ABSENT
                              + "\",\"size\":12}"))),
          same(
              "push index",
              (c, r) ->
                  c.send(
                      "PUT",
                      "/v2/" + r + "/manifests/all",
                      bytes(
                          index(
                              Digest.of(c.get(tagged(c, r)).body()),
                              c.get(tagged(c, r)).body().length)),
                      "Content-Type",
                      INDEX)),
          other(
              "push index, manifest missing",
              "404 MANIFEST_BLOB_UNKNOWN",
              "end-7 fails with 404",
              (c, r) ->
                  c.send(
                      "PUT",
                      "/v2/" + r + "/manifests/all",
                      bytes(index(ABSENT, 12)),
                      "Content-Type",
                      INDEX)),
          // end-8
          same(
              "tags",
              (c, r) -> {
                tags(c, r);
                return c.get("/v2/" + r + "/tags/list");
              }),
          same(
              "tags, capitals",
              (c, r) -> {
                String manifest = c.artifact(r, "layer");
                List.of("b", "A", "a").forEach(tag -> c.tag(r, tag, manifest));
                return c.get("/v2/" + r + "/tags/list");
              }),
          same("tags, unknown repository", (c, r) -> c.get("/v2/" + r + "/tags/list")),
          other(
              "tags, two",
              "200",
              "end-8b: pages",
              (c, r) -> {
                tags(c, r);
                return c.get("/v2/" + r + "/tags/list?n=2");
              }),
          other(
              "tags, none",
              "200",
              "end-8b: n=0 is an empty list",
              (c, r) -> {
                tags(c, r);
                return c.get("/v2/" + r + "/tags/list?n=0");
              }),
          same(
              "tags, exactly all",
              (c, r) -> {
                tags(c, r);
                return c.get("/v2/" + r + "/tags/list?n=3");
              }),
          other(
              "tags, behind one",
              "200",
              "end-8b: pages",
              (c, r) -> {
                tags(c, r);
                return c.get("/v2/" + r + "/tags/list?n=2&last=b");
              }),
          other(
              "tags, n is no number",
              "400 UNSUPPORTED",
              "a number that is none is refused, not ignored",
              (c, r) -> {
                tags(c, r);
                return c.get("/v2/" + r + "/tags/list?n=many");
              }),
          // end-9
          other(
              "delete tag",
              "202",
              "end-9: tags can be deleted",
              (c, r) -> c.send("DELETE", tagged(c, r), NOTHING)),
          other(
              "delete tag, unknown",
              "404 MANIFEST_UNKNOWN",
              "end-9: tags can be deleted",
              (c, r) -> {
                tagged(c, r);
                return c.send("DELETE", "/v2/" + r + "/manifests/missing", NOTHING);
              }),
          same("delete manifest", (c, r) -> deleted(c, r)),
          same(
              "delete manifest, twice",
              (c, r) -> {
                Digest digest = Digest.of(c.get(tagged(c, r)).body());
                deleted(c, r);
                return c.send("DELETE", "/v2/" + r + "/manifests/" + digest, NOTHING);
              }),
          same(
              "deleted manifest's tag",
              (c, r) -> {
                deleted(c, r);
                return c.get("/v2/" + r + "/manifests/v1");
              }),
          same(
              "deleted manifest's tag in the list",
              (c, r) -> {
                deleted(c, r);
                return c.get("/v2/" + r + "/tags/list");
              }),
          // end-10
          same("delete blob", (c, r) -> c.send("DELETE", pushed(c, r), NOTHING)),
          same(
              "delete blob, then get",
              (c, r) -> {
                c.send("DELETE", pushed(c, r), NOTHING);
                return c.get("/v2/" + r + "/blobs/" + DIGEST);
              }),
          same(
              "delete blob, unknown",
              (c, r) -> c.send("DELETE", "/v2/" + r + "/blobs/" + ABSENT, NOTHING)),
          // end-11
          same(
              "mount",
              (c, r) -> {
                pushed(c, r + "-from");
                return c.send(
                    "POST", uploads(r) + "?mount=" + DIGEST + "&from=" + r + "-from", NOTHING);
              }),
          same(
              "mount, not there",
              (c, r) ->
                  c.send(
                      "POST", uploads(r) + "?mount=" + ABSENT + "&from=" + r + "-from", NOTHING)),
          same(
              "mount, malformed digest",
              (c, r) ->
                  c.send("POST", uploads(r) + "?mount=nonsense&from=" + r + "-from", NOTHING)),
          same(
              "mount, from a malformed name",
              (c, r) -> c.send("POST", uploads(r) + "?mount=" + DIGEST + "&from=Models", NOTHING)),
          other(
              "mount, from anywhere",
              "201",
              "end-11: all repositories can be read, so the blob is taken from any",
              (c, r) -> {
                pushed(c, r + "-from");
                return c.send("POST", uploads(r) + "?mount=" + DIGEST, NOTHING);
              }),
          // end-12
          other(
              "referrers",
              "200",
              "end-12: referrers are kept",
              (c, r) -> c.get("/v2/" + r + "/referrers/" + ABSENT)),
          // end-13
          same("status", (c, r) -> c.get(location(c.chunk(c.begin(r), 0, BLOB)))),
          same("status, nothing yet", (c, r) -> c.get(c.begin(r))),
          other(
              "status, unknown upload",
              "404 BLOB_UPLOAD_UNKNOWN",
              "code-3 is the code for it",
              (c, r) -> c.get(uploads(r) + "00000000-0000-4000-8000-000000000000")),
          // end-14
          same("cancel", (c, r) -> c.send("DELETE", c.begin(r), NOTHING)),
          same(
              "cancel, then status",
              (c, r) -> {
                String upload = c.begin(r);
                c.send("DELETE", upload, NOTHING);
                return c.get(upload);
              }),
          // none of them
          other(
              "no end point",
              "404 UNSUPPORTED",
              "in the form of errors that the specification gives",
              (c, r) -> c.get("/v2/" + r + "/nothing")),
          other(
              "method that is none",
              "405 UNSUPPORTED",
              "in the form of errors that the specification gives",
              (c, r) -> c.send("POST", "/v2/" + r + "/tags/list", BLOB)));

  private static Exchange same(
      String name, BiFunction<OciClient, String, HttpResponse<byte[]>> ask) {
    return new Exchange(name, ask, "", "");
  }

  private static Exchange other(
      String name,
      String ours,
      String why,
      BiFunction<OciClient, String, HttpResponse<byte[]>> ask) {
    return new Exchange(name, ask, ours, why);
  }

  private static HttpResponse<byte[]> head(OciClient client, String path) {
    return client.send("HEAD", path, NOTHING);
  }

  private static String uploads(String repository) {
    return "/v2/" + repository + "/blobs/uploads/";
  }

  private static String pushed(OciClient client, String repository) {
    return "/v2/" + repository + "/blobs/" + client.push(repository, BLOB);
  }

  private static String tagged(OciClient client, String repository) {
    client.tag(repository, "v1", client.artifact(repository, "layer"));
    return "/v2/" + repository + "/manifests/v1";
  }

  private static void tags(OciClient client, String repository) {
    String manifest = client.artifact(repository, "layer");
    List.of("c", "a", "b").forEach(tag -> client.tag(repository, tag, manifest));
  }

  private static HttpResponse<byte[]> deleted(OciClient client, String repository) {
    Digest digest = Digest.of(client.get(tagged(client, repository)).body());
    return client.send("DELETE", "/v2/" + repository + "/manifests/" + digest, NOTHING);
  }

  private static String index(Digest manifest, int length) {
    return """
        {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":%d}]}"""
        .formatted(INDEX, MANIFEST, manifest, length);
  }

  @Override
  public String toString() {
    return name;
  }
}
