package io.forebay.s3.auth;

import io.forebay.engine.AccessKey;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.op.Heads;
import io.forebay.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests as the SDK signs them: an implementation that is not ours. */
final class SdkSigner {
  /** How the body is covered. */
  enum Mode {
    HASHED,
    UNSIGNED,
    CHUNKS,
    CHUNKS_AND_TRAILER,
    PRESIGNED
  }

  /** A request on its way: what the wire carries. */
  record Signed(String method, String target, Headers headers, byte[] body) {
    RequestHead head() {
      return Heads.of(method, target, body.length, headers);
    }

    Signed withMethod(String other) {
      return new Signed(other, target, headers, body);
    }

    Signed withTarget(String other) {
      return new Signed(method, other, headers, body);
    }

    Signed withHeaders(Headers other) {
      return new Signed(method, target, other, body);
    }

    Signed withBody(byte[] other) {
      return new Signed(method, target, headers, other);
    }
  }

  /** When everything is signed. */
  static final Instant WHEN = ManualClock.START;

  private SdkSigner() {}

  /**
   * Signs.
   *
   * @param target path, encoded as on the wire, and query
   */
  static Signed sign(
      AccessKey key,
      String region,
      Mode mode,
      String method,
      String target,
      Map<String, String> headers,
      byte[] content) {
    // Over plain HTTP the signer covers the body whatever it is told.
    boolean uncovered = mode == Mode.UNSIGNED || mode == Mode.PRESIGNED;
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(method))
            .uri(URI.create((uncovered ? "https" : "http") + "://127.0.0.1:9000" + target));
    headers.forEach(request::putHeader);
    if (mode != Mode.PRESIGNED) {
      request.putHeader("Content-Length", Integer.toString(content.length));
    }
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(r -> {
              r.identity(AwsCredentialsIdentity.create(key.id(), key.secret()))
                  .request(request.build())
                  .payload(() -> new ByteArrayInputStream(content))
                  .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                  .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                  .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                  .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                  .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(WHEN, ZoneOffset.UTC))
                  .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, !uncovered)
                  .putProperty(
                      AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED,
                      mode == Mode.CHUNKS || mode == Mode.CHUNKS_AND_TRAILER);
              if (mode == Mode.CHUNKS_AND_TRAILER) {
                r.putProperty(
                    AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, (ChecksumAlgorithm) () -> "CRC32");
              }
              if (mode == Mode.PRESIGNED) {
                r.putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                    .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, Duration.ofHours(1))
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false);
              }
            });
    return wireForm(method, signed, content);
  }

  private static Signed wireForm(String method, SignedRequest signed, byte[] content) {
    List<Headers.Field> fields = new ArrayList<>();
    signed
        .request()
        .forEachHeader(
            (name, values) -> values.forEach(value -> fields.add(new Headers.Field(name, value))));
    String target =
        signed.request().encodedPath()
            + signed.request().encodedQueryParameters().map(query -> "?" + query).orElse("");
    byte[] body =
        signed
            .payload()
            .map(payload -> {
              try (InputStream stream = payload.newStream()) {
                return stream.readAllBytes();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
            .orElse(content);
    return new Signed(method, target, new Headers(fields), body);
  }
}
