package io.forebay.s3.auth;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AccessKey;
import io.forebay.engine.Identity;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestBody;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Finds out who asks (AWS Signature Version 4). A failure is answered as S3 does; it says no more
 * than S3 says. Thread-safe.
 */
public final class Authenticator {
  /** How far a client's clock may be off, in seconds. */
  static final long MAX_SKEW_SECONDS = 900;

  private static final int MAX_SIGNING_KEYS = 1024;

  private final Identity identity;
  private final String region;
  private final TimeSource time;
  private final SigningKeys signingKeys;

  /**
   * For one region.
   *
   * @param region that signatures have to be for
   */
  public Authenticator(Identity identity, String region, TimeSource time) {
    this.identity = identity;
    this.region = region;
    this.time = time;
    this.signingKeys = new SigningKeys(region, MAX_SIGNING_KEYS);
  }

  /**
   * Checks the head, and arranges for the body to be checked.
   *
   * @param body as received; owned by the result on success, still the caller's on failure
   * @throws S3Exception when nobody we know signed this for now and here
   */
  public Authenticated authenticate(RequestHead head, RequestBody body) {
    SignatureClaim claim = SignatureClaims.of(head);
    requireScope(claim);
    requireTime(claim);
    AccessKey key = keyOf(claim, head);
    requireSignedHeaders(claim, head.headers());
    String payloadHash = payloadHash(claim, head);
    PayloadMode mode = PayloadMode.of(payloadHash);
    SigningKey signingKey = signingKeys.of(key, claim.scope().date());
    requireSignature(claim, head, payloadHash, signingKey);
    return new Authenticated(key, checked(body, mode, head.headers(), claim, signingKey));
  }

  private void requireScope(SignatureClaim claim) {
    CredentialScope scope = claim.scope();
    if (!scope.terminal().equals(CredentialScope.TERMINAL)) {
      throw malformed(
          claim,
          "incorrect terminal \"" + scope.terminal() + "\". This endpoint uses \"aws4_request\".");
    }
    if (!scope.service().equals(CredentialScope.SERVICE)) {
      throw malformed(
          claim, "incorrect service \"" + scope.service() + "\". This endpoint belongs to \"s3\".");
    }
    if (!scope.region().equals(region)) {
      throw malformed(
              claim, "the region '" + scope.region() + "' is wrong; expecting '" + region + "'")
          .with("Region", region);
    }
  }

  private static S3Exception malformed(SignatureClaim claim, String what) {
    return switch (claim.place()) {
      case HEADER -> SignatureClaims.malformedHeader(what);
      case QUERY ->
          SignatureClaims.malformedQuery("Error parsing the X-Amz-Credential parameter; " + what);
    };
  }

  private void requireTime(SignatureClaim claim) {
    long now = Math.floorDiv(time.epochNanos(), TimeUnit.SECONDS.toNanos(1));
    switch (claim.place()) {
      case HEADER -> {
        if (Math.abs(now - claim.epochSeconds()) > MAX_SKEW_SECONDS) {
          throw new S3Exception(S3Error.REQUEST_TIME_TOO_SKEWED)
              .with("RequestTime", claim.timestamp())
              .with("ServerTime", AmzDate.formatExtended(now))
              .with("MaxAllowedSkewMilliseconds", Long.toString(MAX_SKEW_SECONDS * 1000));
        }
      }
      case QUERY -> {
        if (claim.epochSeconds() - now > MAX_SKEW_SECONDS) {
          throw new S3Exception(S3Error.ACCESS_DENIED, "Request is not valid yet")
              .with("ServerTime", AmzDate.formatExtended(now));
        }
        long expires = claim.epochSeconds() + claim.expiresSeconds();
        if (now > expires) {
          throw new S3Exception(S3Error.ACCESS_DENIED, "Request has expired")
              .with("X-Amz-Expires", Long.toString(claim.expiresSeconds()))
              .with("Expires", AmzDate.formatExtended(expires))
              .with("ServerTime", AmzDate.formatExtended(now));
        }
      }
    }
  }

  private AccessKey keyOf(SignatureClaim claim, RequestHead head) {
    String id = claim.scope().keyId();
    Optional<AccessKey> key = identity.accessKey(id);
    if (key.isEmpty() || !key.get().enabled()) {
      throw new S3Exception(S3Error.INVALID_ACCESS_KEY_ID).with("AWSAccessKeyId", id);
    }
    // Temporary credentials come with a token; a key of ours is none of those.
    if (head.headers().contains("x-amz-security-token")
        || head.query().contains("X-Amz-Security-Token")) {
      throw new S3Exception(S3Error.INVALID_TOKEN);
    }
    return key.get();
  }

  /** The host, and whatever S3 may act upon, has to be covered. */
  private static void requireSignedHeaders(SignatureClaim claim, Headers headers) {
    Set<String> signed = new HashSet<>(claim.signedHeaders());
    Set<String> missing = new TreeSet<>();
    if (!signed.contains("host")) {
      missing.add("host");
    }
    for (Headers.Field field : headers.fields()) {
      String name = field.name().toLowerCase(Locale.ROOT);
      if (name.startsWith("x-amz-") && !signed.contains(name)) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new S3Exception(
              S3Error.ACCESS_DENIED,
              "There were headers present in the request which were not signed")
          .with("HeadersNotSigned", String.join(", ", missing));
    }
  }

  private static String payloadHash(SignatureClaim claim, RequestHead head) {
    List<String> declared = head.headers().all("x-amz-content-sha256");
    if (declared.size() > 1) {
      throw S3Exception.invalidArgument(
          "x-amz-content-sha256 is given twice", "x-amz-content-sha256", declared.get(1));
    }
    if (!declared.isEmpty()) {
      return declared.getFirst();
    }
    return switch (claim.place()) {
      case HEADER ->
          throw new S3Exception(
              S3Error.INVALID_REQUEST,
              "Missing required header for this request: x-amz-content-sha256");
      case QUERY -> head.query().first("X-Amz-Content-Sha256").orElse(PayloadMode.UNSIGNED);
    };
  }

  private static void requireSignature(
      SignatureClaim claim, RequestHead head, String payloadHash, SigningKey signingKey) {
    String canonical = CanonicalRequest.of(head, claim.signedHeaders(), payloadHash);
    String stringToSign = claim.stringToSign(CanonicalRequest.hash(canonical));
    if (!signingKey.matches(stringToSign, claim.signature())) {
      throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH)
          .with("AWSAccessKeyId", claim.scope().keyId())
          .with("StringToSign", stringToSign)
          .with("SignatureProvided", claim.signature())
          .with("CanonicalRequest", canonical);
    }
  }

  private static RequestBody checked(
      RequestBody body,
      PayloadMode mode,
      Headers headers,
      SignatureClaim claim,
      SigningKey signingKey) {
    return switch (mode) {
      case PayloadMode.Unsigned() -> body;
      case PayloadMode.Hashed(String sha256) -> new HashedBody(body, sha256);
      case PayloadMode.Chunked(boolean signed, boolean trailer) -> {
        long length = decodedLength(headers);
        AwsChunkedDecoder decoder =
            new AwsChunkedDecoder(
                length,
                signed ? Optional.of(new ChunkSignatures(signingKey, claim)) : Optional.empty(),
                trailer,
                trailer ? announcedTrailers(headers) : Set.of());
        yield new AwsChunkedBody(body, length, decoder);
      }
    };
  }

  private static long decodedLength(Headers headers) {
    List<String> declared = headers.all("x-amz-decoded-content-length");
    if (declared.size() != 1) {
      throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
    }
    String digits = declared.getFirst();
    if (!digits.matches("\\d{1,18}")) {
      throw S3Exception.invalidArgument(
          "x-amz-decoded-content-length is not a length", "x-amz-decoded-content-length", digits);
    }
    return Long.parseLong(digits);
  }

  private static Set<String> announcedTrailers(Headers headers) {
    Set<String> names = new TreeSet<>();
    for (String value : headers.all("x-amz-trailer")) {
      for (String name : value.split(",")) {
        if (!name.isBlank()) {
          names.add(name.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }
}
