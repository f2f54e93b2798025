package io.forebay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The gateway as the AWS SDK for Java sees it. */
final class S3Side implements AutoCloseable {
  private static final int READERS = 4;

  private final S3Client client;

  S3Side(URI endpoint) {
    this.client =
        S3Client.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(credentials())
            .build();
  }

  static StaticCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(GatewayProcess.ACCESS_KEY, GatewayProcess.SECRET_KEY));
  }

  S3Client client() {
    return client;
  }

  /**
   * Checks that a bucket is what NFS showed: keys, order, pages, prefixes, sizes, times, ETags and
   * every byte.
   */
  void verify(String bucket, Manifest manifest) throws Exception {
    long started = System.nanoTime();
    SortedMap<String, Manifest.Entry> expected = manifest.objects();
    List<S3Object> listed = list(bucket, 1000);
    assertThat(listed.stream().map(S3Object::key).toList())
        .as("keys of %s, in order", bucket)
        .isEqualTo(List.copyOf(expected.keySet()));
    for (S3Object object : listed) {
      Manifest.Entry entry = entry(expected, object.key());
      assertThat(object.size()).as("size of %s", object.key()).isEqualTo(entry.size());
      assertThat(object.eTag()).as("ETag of %s", object.key()).matches("\"[^\"]+\"");
      long seconds = object.lastModified().getEpochSecond();
      assertThat(seconds)
          .as("Last-Modified of %s", object.key())
          .isEqualTo(Math.floorDiv(entry.modifyNanos(), TimeUnit.SECONDS.toNanos(1)));
    }
    int prefixes = walk(bucket, expected);
    long bytes = readAll(bucket, listed, expected);
    Report.line(
        "s3: %s: %d objects below %d prefixes, %d bytes as over NFS, in %d ms"
            .formatted(
                bucket, listed.size(), prefixes, bytes, (System.nanoTime() - started) / 1_000_000));
  }

  private static Manifest.Entry entry(SortedMap<String, Manifest.Entry> expected, String key) {
    Manifest.Entry entry = expected.get(key);
    if (entry == null) {
      throw new AssertionError("no such file: " + key);
    }
    return entry;
  }

  /** All keys, page by page. */
  List<S3Object> list(String bucket, int pageSize) {
    List<S3Object> all = new ArrayList<>();
    String token = null;
    do {
      String from = token;
      ListObjectsV2Response page =
          client.listObjectsV2(r -> r.bucket(bucket).maxKeys(pageSize).continuationToken(from));
      assertThat(page.contents().size()).isLessThanOrEqualTo(pageSize);
      all.addAll(page.contents());
      token = page.nextContinuationToken();
      assertThat(page.isTruncated()).isEqualTo(token != null);
    } while (token != null);
    return all;
  }

  /** Goes through the tree by delimiter; returns the number of prefixes. */
  private int walk(String bucket, SortedMap<String, Manifest.Entry> expected) {
    List<String> found = new ArrayList<>();
    Deque<String> left = new ArrayDeque<>(List.of(""));
    int prefixes = 0;
    while (!left.isEmpty()) {
      String prefix = left.removeLast();
      String token = null;
      List<String> inOrder = new ArrayList<>();
      do {
        String from = token;
        ListObjectsV2Response page =
            client.listObjectsV2(r ->
                r.bucket(bucket)
                    .prefix(prefix)
                    .delimiter("/")
                    .maxKeys(100)
                    .continuationToken(from));
        page.contents().stream().map(S3Object::key).forEach(found::add);
        List<String> below = page.commonPrefixes().stream().map(CommonPrefix::prefix).toList();
        left.addAll(below);
        prefixes += below.size();
        inOrder.addAll(below);
        token = page.nextContinuationToken();
      } while (token != null);
      assertThat(inOrder).as("prefixes below %s", prefix).isSortedAccordingTo(Manifest.KEY_ORDER);
      assertThat(inOrder).as("prefixes below %s", prefix).doesNotHaveDuplicates();
    }
    found.sort(Manifest.KEY_ORDER);
    assertThat(found).as("keys by delimiter").isEqualTo(List.copyOf(expected.keySet()));
    return prefixes;
  }

  private long readAll(
      String bucket, List<S3Object> listed, SortedMap<String, Manifest.Entry> expected)
      throws Exception {
    AtomicLong bytes = new AtomicLong();
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> reads = new ArrayList<>();
      for (S3Object object : listed) {
        reads.add(
            readers.submit(() -> {
              Manifest.Entry entry = entry(expected, object.key());
              assertThat(sha256(bucket, object.key(), object.eTag(), entry.size()))
                  .as("content of %s", object.key())
                  .isEqualTo(entry.sha256());
              bytes.addAndGet(entry.size());
              return null;
            }));
      }
      for (Future<?> read : reads) {
        read.get();
      }
    }
    return bytes.get();
  }

  /** Reads an object whole, under the condition that it still has this ETag. */
  private String sha256(String bucket, String key, String etag, long size) throws Exception {
    try (ResponseInputStream<GetObjectResponse> body =
        client.getObject(r -> r.bucket(bucket).key(key).ifMatch(etag))) {
      assertThat(body.response().contentLength()).as("length of %s", key).isEqualTo(size);
      assertThat(body.response().eTag()).as("ETag of %s", key).isEqualTo(etag);
      return sha256(body);
    }
  }

  /** Reads an object whole. */
  String sha256(String bucket, String key) throws Exception {
    try (ResponseInputStream<GetObjectResponse> body =
        client.getObject(r -> r.bucket(bucket).key(key))) {
      return sha256(body);
    }
  }

  static String sha256(InputStream content) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream all = new DigestInputStream(content, digest)) {
      all.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  @Override
  public void close() {
    client.close();
  }
}
