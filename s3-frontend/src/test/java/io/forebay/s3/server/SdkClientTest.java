package io.forebay.s3.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What the AWS SDK for Java says and expects, against the real server over a real engine. */
@Timeout(120)
class SdkClientTest {
  private static final String BUCKET = "sdk-bucket";

  @TempDir static Path directory;
  private static ServerUnderTest server;
  private static S3Client client;

  @BeforeAll
  static void start() throws IOException {
    server = ServerUnderTest.start(directory);
    client = server.client();
    client.createBucket(r -> r.bucket(BUCKET));
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 100_000, 1 << 20, 20_000_003})
  void whatIsPutIsGot(int length) {
    byte[] content = randomBytes(length);
    client.putObject(r -> r.bucket(BUCKET).key("put/" + length), RequestBody.fromBytes(content));
    ResponseBytes<GetObjectResponse> got =
        client.getObjectAsBytes(r -> r.bucket(BUCKET).key("put/" + length));
    assertThat(got.asByteArray()).isEqualTo(content);
    assertThat(client.headObject(r -> r.bucket(BUCKET).key("put/" + length)).contentLength())
        .isEqualTo(length);
  }

  @ParameterizedTest
  @EnumSource(
      value = ChecksumAlgorithm.class,
      names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
  void aStreamIsSentInSignedChunksWithItsChecksumBehindIt(ChecksumAlgorithm algorithm) {
    byte[] content = randomBytes(700_001);
    String key = "stream/" + algorithm;
    client.putObject(
        r -> r.bucket(BUCKET).key(key).checksumAlgorithm(algorithm),
        RequestBody.fromInputStream(new ByteArrayInputStream(content), content.length));
    assertThat(client.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArray())
        .isEqualTo(content);
  }

  @Test
  void bodiesWithoutChecksumsAreChunkedAndSigned() {
    try (S3Client plain =
        S3Client.builder()
            .endpointOverride(server.endpoint())
            .region(software.amazon.awssdk.regions.Region.US_EAST_1)
            .credentialsProvider(ServerUnderTest.credentials(ServerUnderTest.ROOT))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .build()) {
      byte[] content = randomBytes(300_000);
      plain.putObject(r -> r.bucket(BUCKET).key("plain"), RequestBody.fromBytes(content));
      assertThat(plain.getObjectAsBytes(r -> r.bucket(BUCKET).key("plain")).asByteArray())
          .isEqualTo(content);
    }
  }

  @Test
  void bodiesThatAreNotChunkedAreHashedWhole() {
    S3Configuration configuration =
        S3Configuration.builder()
            .pathStyleAccessEnabled(true)
            .chunkedEncodingEnabled(false)
            .build();
    try (S3Client whole = server.client(ServerUnderTest.ROOT, configuration)) {
      byte[] content = randomBytes(300_000);
      whole.putObject(r -> r.bucket(BUCKET).key("whole"), RequestBody.fromBytes(content));
      assertThat(whole.getObjectAsBytes(r -> r.bucket(BUCKET).key("whole")).asByteArray())
          .isEqualTo(content);
    }
  }

  @Test
  void rangesAreServed() {
    byte[] content = randomBytes(3_000_000);
    client.putObject(r -> r.bucket(BUCKET).key("ranges"), RequestBody.fromBytes(content));
    for (String range : List.of("bytes=0-0", "bytes=1000000-2999999", "bytes=-5")) {
      byte[] got =
          client.getObjectAsBytes(r -> r.bucket(BUCKET).key("ranges").range(range)).asByteArray();
      String text = new String(content, java.nio.charset.StandardCharsets.ISO_8859_1);
      String part = new String(got, java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(text).contains(part);
    }
    assertThatThrownBy(() ->
            client.getObjectAsBytes(r -> r.bucket(BUCKET).key("ranges").range("bytes=3000000-")))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidRange"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.txt",
        "with blank",
        "plus+and%percent",
        "ünïcödé/日本語",
        "a=b&c?d#e",
        "(paren)'quote'!*~",
        "tilde~star*",
        "semi;colon:at@dollar$,",
        "back\\slash|pipe^caret`tick\"{}[]<>",
      })
  void keysOfAllKindsAreSignedRight(String key) {
    byte[] content = randomBytes(100);
    client.putObject(
        r -> r.bucket(BUCKET).key(key).metadata(Map.of("a", "b  c", "d", " e ")),
        RequestBody.fromBytes(content));
    assertThat(client.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArray())
        .isEqualTo(content);
    assertThat(client.listObjectsV2(r -> r.bucket(BUCKET).prefix(key)).contents())
        .extracting(S3Object::key)
        .containsExactly(key);
    client.deleteObject(r -> r.bucket(BUCKET).key(key));
    assertThatThrownBy(() -> client.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)))
        .isInstanceOf(NoSuchKeyException.class);
  }

  @Test
  void listingsArePagedInOrder() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String key = "list/%02d".formatted(i);
      keys.add(key);
      client.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("x"));
    }
    assertThat(
            client
                .listObjectsV2Paginator(r -> r.bucket(BUCKET).prefix("list/").maxKeys(7))
                .contents()
                .stream()
                .map(S3Object::key))
        .containsExactlyElementsOf(keys);
  }

  @Test
  void objectsAreUploadedInParts() {
    byte[] content = randomBytes(12 << 20);
    String id = client.createMultipartUpload(r -> r.bucket(BUCKET).key("multi")).uploadId();
    List<CompletedPart> parts = new ArrayList<>();
    int size = 5 << 20;
    for (int i = 0; i * size < content.length; i++) {
      int number = i + 1;
      byte[] part =
          java.util.Arrays.copyOfRange(content, i * size, Math.min(content.length, (i + 1) * size));
      String tag =
          client
              .uploadPart(
                  r -> r.bucket(BUCKET).key("multi").uploadId(id).partNumber(number),
                  RequestBody.fromBytes(part))
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
    }
    String tag =
        client
            .completeMultipartUpload(r ->
                r.bucket(BUCKET).key("multi").uploadId(id).multipartUpload(m -> m.parts(parts)))
            .eTag();
    assertThat(tag).endsWith("-3\"");
    assertThat(client.getObjectAsBytes(r -> r.bucket(BUCKET).key("multi")).asByteArray())
        .isEqualTo(content);
  }

  @Test
  void presignedAddressesWorkWithoutTheSdk() throws Exception {
    byte[] content = randomBytes(500_000);
    try (S3Presigner presigner = server.presigner();
        HttpClient http = HttpClient.newHttpClient()) {
      URI put =
          presigner
              .presignPutObject(p ->
                  p.signatureDuration(Duration.ofMinutes(5))
                      .putObjectRequest(r -> r.bucket(BUCKET).key("pre signed+")))
              .url()
              .toURI();
      assertThat(
              http.send(
                      HttpRequest.newBuilder(put)
                          .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
      URI get =
          presigner
              .presignGetObject(p ->
                  p.signatureDuration(Duration.ofMinutes(5))
                      .getObjectRequest(r ->
                          r.bucket(BUCKET)
                              .key("pre signed+")
                              .responseContentDisposition("attachment; a=\"ü\"")))
              .url()
              .toURI();
      HttpResponse<byte[]> got =
          http.send(HttpRequest.newBuilder(get).build(), HttpResponse.BodyHandlers.ofByteArray());
      assertThat(got.body()).isEqualTo(content);
      HttpResponse<String> tampered =
          http.send(
              HttpRequest.newBuilder(URI.create(get.toString().replace("signed%2B", "signed")))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(tampered.statusCode()).isEqualTo(403);
      assertThat(tampered.body()).contains("<Code>SignatureDoesNotMatch</Code>");
    }
  }

  @Test
  void strangersAreTurnedAway() {
    S3Configuration pathStyle = S3Configuration.builder().pathStyleAccessEnabled(true).build();
    try (S3Client gone = server.client(ServerUnderTest.DISABLED, pathStyle)) {
      assertThatThrownBy(gone::listBuckets)
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> {
                assertThat(e.statusCode()).isEqualTo(403);
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidAccessKeyId");
                assertThat(e.requestId()).hasSize(16);
              });
    }
  }

  @Test
  void requestsAreCountedByOperation() {
    client.putObject(r -> r.bucket(BUCKET).key("counted"), RequestBody.fromBytes(new byte[5000]));
    client.getObjectAsBytes(r -> r.bucket(BUCKET).key("counted"));
    assertThat(
            server
                .meters()
                .get("forebay.s3.requests")
                .tags("operation", "PutObject", "outcome", "2xx")
                .timer()
                .count())
        .isPositive();
    assertThat(
            server
                .meters()
                .get("forebay.s3.received")
                .tags("operation", "PutObject", "outcome", "2xx")
                .counter()
                .count())
        .isGreaterThanOrEqualTo(5000);
  }
}
