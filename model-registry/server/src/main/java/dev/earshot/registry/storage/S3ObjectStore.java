package dev.earshot.registry.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of any store that speaks S3 and shows what was written to whoever reads
 * afterwards, as Amazon's does. One object is one PUT: there is no part of it before that has
 * succeeded, and a call that fails may be made again. Every PUT carries an MD5 that the store
 * checks, and a SHA-256 that reading the whole object checks; parts that are read as they come are
 * checked by whoever knows the digest of the whole. Failures of the network, 5xx and throttling are
 * tried again, see {@link S3Clients}.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int PAGE = 1000;

  private final S3Client client;
  private final S3Settings settings;
  private final int page;
  private volatile String problem = "";

  S3ObjectStore(S3Client client, S3Settings settings, int page) {
    this.client = client;
    this.settings = settings;
    this.page = page;
  }

  /**
   * Opens the store and tries it: lists, writes and deletes.
   *
   * @throws IOException when that fails, saying what an operator can do about it
   */
  public static S3ObjectStore open(S3Settings settings) throws IOException {
    return open(settings, DefaultCredentialsProvider.builder().build(), S3Clients.LIMITS, PAGE);
  }

  static S3ObjectStore open(
      S3Settings settings, AwsCredentialsProvider credentials, S3Clients.Limits limits, int page)
      throws IOException {
    S3Client client = S3Clients.create(settings, credentials, limits);
    S3ObjectStore store = new S3ObjectStore(client, settings, page);
    try {
      store.tryOut();
      return store;
    } catch (SdkException e) {
      client.close();
      throw S3Failure.atStart(settings, e);
    }
  }

  private void tryOut() {
    String probe = settings.before() + ".probe/" + UUID.randomUUID();
    client.listObjectsV2(request -> request.bucket(settings.bucket()).prefix(probe).maxKeys(1));
    client.putObject(request -> request.bucket(settings.bucket()).key(probe), RequestBody.empty());
    client.deleteObject(request -> request.bucket(settings.bucket()).key(probe));
  }

  @Override
  public Optional<Stat> stat(String key) throws IOException {
    return head(key).map(head -> new Stat(key, head.contentLength(), head.lastModified()));
  }

  private Optional<HeadObjectResponse> head(String key) throws IOException {
    String name = name(key);
    try {
      return Optional.of(
          call(
              key,
              () -> client.headObject(request -> request.bucket(settings.bucket()).key(name))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public byte[] read(String key, int most) throws IOException {
    try (S3Stream in = get(key, null)) {
      long length = in.response().contentLength();
      if (length > most) {
        throw new IOException("%s: %d bytes (expected: at most %d)".formatted(key, length, most));
      }
      byte[] content = new ExactInputStream(in, settings.location() + key, length).readAllBytes();
      S3Content.verify(settings.location() + key, in.response().metadata(), content);
      return content;
    }
  }

  @Override
  public InputStream open(String key, long offset, long length) throws IOException {
    ObjectRange.require(key, offset, length, Long.MAX_VALUE);
    if (length == 0) {
      Stat stat = stat(key).orElseThrow(() -> new NoSuchFileException(key));
      ObjectRange.require(key, offset, length, stat.length());
      return InputStream.nullInputStream();
    }
    S3Stream in = get(key, "bytes=" + offset + "-" + (offset + length - 1));
    if (in.response().contentRange() == null || in.response().contentLength() != length) {
      in.close();
      throw new EOFException(
          "range of %s: %d+%d (expected: within the object; the store gave '%s')"
              .formatted(key, offset, length, in.response().contentRange()));
    }
    return new ExactInputStream(in, settings.location() + key, length);
  }

  private S3Stream get(String key, @Nullable String range) throws IOException {
    GetObjectRequest request =
        GetObjectRequest.builder().bucket(settings.bucket()).key(name(key)).range(range).build();
    ResponseInputStream<GetObjectResponse> in = call(key, () -> client.getObject(request));
    return new S3Stream(in, failure -> failed(key, failure));
  }

  @Override
  public Optional<Path> file(String key) {
    ObjectKey.require(key);
    return Optional.empty();
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    put(key, S3Content.of(content), RequestBody.fromBytes(content));
  }

  @Override
  public void move(Path file, String key) throws IOException {
    ObjectKey.require(key);
    put(key, S3Content.of(file), RequestBody.fromFile(file));
    Files.delete(file);
  }

  private void put(String key, S3Content content, RequestBody body) throws IOException {
    String name = name(key);
    call(
        key,
        () ->
            client.putObject(
                request ->
                    request
                        .bucket(settings.bucket())
                        .key(name)
                        .contentMD5(content.md5())
                        .metadata(content.metadata()),
                body));
  }

  @Override
  public boolean touch(String key) throws IOException {
    Optional<HeadObjectResponse> head = head(key);
    if (head.isEmpty()) {
      return false;
    }
    String name = name(key);
    try {
      call(
          key,
          () ->
              client.copyObject(
                  request ->
                      request
                          .sourceBucket(settings.bucket())
                          .sourceKey(name)
                          .destinationBucket(settings.bucket())
                          .destinationKey(name)
                          // A copy onto itself is allowed only when something is replaced.
                          .metadataDirective(MetadataDirective.REPLACE)
                          .metadata(head.get().metadata())));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void delete(String key) throws IOException {
    String name = name(key);
    try {
      call(key, () -> client.deleteObject(r -> r.bucket(settings.bucket()).key(name)));
    } catch (NoSuchFileException e) {
      // Amazon's says nothing of it; others do.
      return;
    }
  }

  @Override
  public void list(String prefix, Consumer<Stat> each) throws IOException {
    String before = settings.before();
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(settings.bucket())
            .prefix(before + ObjectKey.requirePrefix(prefix))
            .maxKeys(page)
            .build();
    boolean more = true;
    while (more) {
      ListObjectsV2Request asked = request;
      ListObjectsV2Response answer = call(prefix, () -> client.listObjectsV2(asked));
      for (S3Object object : answer.contents()) {
        String key = object.key().substring(before.length());
        if (ObjectKey.isKey(key)) {
          each.accept(new Stat(key, object.size(), object.lastModified()));
        }
      }
      more = Boolean.TRUE.equals(answer.isTruncated());
      request = request.toBuilder().continuationToken(answer.nextContinuationToken()).build();
    }
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public void close() {
    client.close();
  }

  private String name(String key) {
    return settings.before() + ObjectKey.require(key);
  }

  /** Every request but those at start goes through here. */
  private <T> T call(String key, Supplier<T> request) throws IOException {
    try {
      T answer = request.get();
      problem = "";
      return answer;
    } catch (SdkException e) {
      throw failed(key, e);
    }
  }

  private IOException failed(String key, SdkException failure) {
    IOException told = S3Failure.of(settings, key, failure);
    problem = S3Failure.ofTheStore(failure) ? String.valueOf(told.getMessage()) : "";
    return told;
  }
}
