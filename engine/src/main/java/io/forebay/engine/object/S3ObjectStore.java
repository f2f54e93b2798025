package io.forebay.engine.object;

import io.forebay.engine.object.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket of an S3 server, by AWS SDK v2. One attempt a call: retrying is {@link
 * RetryingObjectStore}'s. Versions are ETags. Conditional puts use {@code If-Match} and {@code
 * If-None-Match: *} (Amazon S3 user guide, "Conditional writes").
 */
final class S3ObjectStore implements ObjectStore {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  /** 16 MiB at 300 KB/s. */
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(60);

  private static final int COPY_BUFFER = 64 << 10;

  private final S3Client client;
  private final S3Location location;

  private S3ObjectStore(S3Client client, S3Location location) {
    this.client = client;
    this.location = location;
  }

  static S3ObjectStore open(S3Location location, int connections) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(connections)
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .connectionAcquisitionTimeout(SOCKET_TIMEOUT)
                    .socketTimeout(SOCKET_TIMEOUT))
            .forcePathStyle(location.pathStyle())
            // Segments carry checksums of their own; more would cost a second pass over the bytes
            // and is not understood by every server.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(o ->
                o.retryStrategy(AwsRetryStrategy.doNotRetry())
                    .apiCallAttemptTimeout(ATTEMPT_TIMEOUT));
    location.endpoint().ifPresent(builder::endpointOverride);
    location
        .region()
        .or(() -> location.endpoint().map(e -> "us-east-1"))
        .ifPresent(name -> builder.region(Region.of(name)));
    try {
      return new S3ObjectStore(builder.build(), location);
    } catch (SdkException e) {
      throw new StoreException(Kind.REFUSED, "cannot use " + location.describe() + ": " + e, e);
    }
  }

  private String full(String key) {
    KeySyntax.check(key);
    return location.prefix() + key;
  }

  @Override
  public String put(String key, Body body) {
    KeySyntax.checkLength(body.length());
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(location.bucket())
            .key(full(key))
            .contentLength(body.length());
    if (body.crc32c() >= 0) {
      byte[] crc = ByteBuffer.allocate(Integer.BYTES).putInt((int) body.crc32c()).array();
      request.checksumCRC32C(Base64.getEncoder().encodeToString(crc));
    }
    RequestBody content =
        RequestBody.fromContentProvider(
            () -> open(body), body.length(), "application/octet-stream");
    try {
      return client.putObject(request.build(), content).eTag();
    } catch (SdkException | UncheckedIOException | IllegalStateException e) {
      throw S3Failures.translate("put", key, true, e);
    }
  }

  private static InputStream open(Body body) {
    try {
      return new ExactInputStream(body.open(), body.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String putIf(String key, ByteBuffer body, Optional<String> expected) {
    KeySyntax.checkLength(body.remaining());
    try {
      return putIfMatches(key, body, expected);
    } catch (StoreException e) {
      if (e.kind() == Kind.CONFLICT
          && expected.isPresent()
          && stat(key).map(Stat::version).equals(expected)) {
        // The version is the expected one: a server that compares it without its quotes (Ceph 16).
        return putIfMatches(key, body, expected.map(S3ObjectStore::unquoted));
      }
      throw e;
    }
  }

  private static String unquoted(String version) {
    return version.replaceAll("^\"|\"$", "");
  }

  private String putIfMatches(String key, ByteBuffer body, Optional<String> expected) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder().bucket(location.bucket()).key(full(key));
    expected.ifPresentOrElse(request::ifMatch, () -> request.ifNoneMatch("*"));
    try {
      return client
          .putObject(request.build(), RequestBody.fromRemainingByteBuffer(body.duplicate()))
          .eTag();
    } catch (NoSuchKeyException e) {
      // If-Match on a key without an object.
      throw new StoreException(Kind.CONFLICT, key + " is gone", e);
    } catch (S3Exception e) {
      if (e.statusCode() == 404 && !S3Failures.isNoSuchBucket(e)) {
        throw new StoreException(Kind.CONFLICT, key + " is gone", e);
      }
      throw S3Failures.translate("putIf", key, true, e);
    } catch (SdkException e) {
      throw S3Failures.translate("putIf", key, true, e);
    }
  }

  @Override
  public void get(String key, long offset, ByteBuffer target) {
    if (!target.hasRemaining()) {
      return;
    }
    long last = offset + target.remaining() - 1;
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(location.bucket())
            .key(full(key))
            .range("bytes=" + offset + "-" + last)
            .build();
    try (ResponseInputStream<GetObjectResponse> in = client.getObject(request)) {
      long length = orZero(in.response().contentLength());
      if (length != target.remaining()) {
        in.abort();
        throw new StoreException(
            Kind.CORRUPT, key + ": " + length + " bytes instead of " + target.remaining());
      }
      String range = in.response().contentRange();
      if (offset > 0 && (range == null || !range.startsWith("bytes " + offset + "-" + last))) {
        // A server, or a proxy, that knows no ranges sends the object from its beginning.
        in.abort();
        throw new StoreException(Kind.CORRUPT, key + ": not the range that was asked for");
      }
      copy(key, in, target);
    } catch (IOException | SdkException e) {
      throw S3Failures.translate("get", key, false, e);
    }
  }

  private static void copy(String key, ResponseInputStream<?> in, ByteBuffer target)
      throws IOException {
    byte[] buffer = new byte[Math.min(COPY_BUFFER, target.remaining())];
    while (target.hasRemaining()) {
      int n = in.read(buffer, 0, Math.min(buffer.length, target.remaining()));
      if (n < 0) {
        throw new StoreException(Kind.CORRUPT, key + ": the answer ended early");
      }
      target.put(buffer, 0, n);
    }
  }

  @Override
  public Fetched fetch(String key, int maximum) {
    GetObjectRequest request =
        GetObjectRequest.builder().bucket(location.bucket()).key(full(key)).build();
    try (ResponseInputStream<GetObjectResponse> in = client.getObject(request)) {
      long length = orZero(in.response().contentLength());
      if (length > maximum) {
        in.abort();
        throw new StoreException(Kind.CORRUPT, key + " has " + length + " bytes, too many");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) length);
      copy(key, in, bytes);
      return new Fetched(bytes.flip(), in.response().eTag());
    } catch (IOException | SdkException e) {
      throw S3Failures.translate("fetch", key, false, e);
    }
  }

  @Override
  public Optional<Stat> stat(String key) {
    String full = full(key);
    try {
      HeadObjectResponse head = client.headObject(r -> r.bucket(location.bucket()).key(full));
      return Optional.of(
          new Stat(key, orZero(head.contentLength()), head.eTag(), nanos(head.lastModified())));
    } catch (SdkException e) {
      StoreException failure = S3Failures.translate("stat", key, false, e);
      if (failure.kind() == Kind.MISSING) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  @Override
  public void delete(String key) {
    String full = full(key);
    try {
      client.deleteObject(r -> r.bucket(location.bucket()).key(full));
    } catch (SdkException e) {
      StoreException failure = S3Failures.translate("delete", key, true, e);
      if (failure.kind() != Kind.MISSING) {
        throw failure;
      }
    }
  }

  @Override
  public ListPage list(String prefix, String after, int limit) {
    KeySyntax.checkLimit(limit);
    try {
      ListObjectsV2Response page =
          client.listObjectsV2(r -> {
            r.bucket(location.bucket()).prefix(location.prefix() + prefix).maxKeys(limit);
            if (!after.isEmpty()) {
              r.startAfter(location.prefix() + after);
            }
          });
      List<Stat> objects = page.contents().stream().map(this::statOf).toList();
      boolean truncated = Boolean.TRUE.equals(page.isTruncated());
      if (truncated && objects.isEmpty()) {
        throw new StoreException(Kind.CORRUPT, "a listing says it goes on, without a key");
      }
      return new ListPage(objects, truncated);
    } catch (SdkException e) {
      throw S3Failures.translate("list", prefix, false, e);
    }
  }

  private Stat statOf(S3Object object) {
    if (!object.key().startsWith(location.prefix())) {
      throw new StoreException(Kind.CORRUPT, "a listing has a key outside of its prefix");
    }
    return new Stat(
        object.key().substring(location.prefix().length()),
        orZero(object.size()),
        object.eTag(),
        nanos(object.lastModified()));
  }

  private static long orZero(Long value) {
    return value == null ? 0 : value;
  }

  private static long nanos(Instant moment) {
    return moment == null
        ? 0
        : TimeUnit.SECONDS.toNanos(moment.getEpochSecond()) + moment.getNano();
  }

  @Override
  public String describe() {
    return location.describe();
  }

  @Override
  public void close() {
    client.close();
  }
}
