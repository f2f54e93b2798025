package io.forebay.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.engine.AccessKey;
import io.forebay.engine.Caller;
import io.forebay.s3.auth.SdkSigner.Mode;
import io.forebay.s3.auth.SdkSigner.Signed;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.MalformedRequestException;
import io.forebay.s3.http.PercentEncoding;
import io.forebay.s3.op.Heads;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in: exactly what a known key signed, for now and for here. */
class AuthenticatorTest {
  private static final String REGION = "eu-west-1";
  private static final AccessKey KEY =
      new AccessKey("tester", "secretsecretsecret/+x", Caller.of(1, 1), "", 0, true);

  private final ManualClock clock = new ManualClock();
  private final Keys keys = new Keys();
  private final Authenticator authenticator = new Authenticator(keys, REGION, clock);

  AuthenticatorTest() {
    keys.putAccessKey(KEY);
  }

  private static Signed sign(Mode mode, String method, String target, byte[] content) {
    return SdkSigner.sign(KEY, REGION, mode, method, target, Map.of("x-amz-meta-a", "v"), content);
  }

  private static Signed simple(Mode mode) {
    return sign(mode, "PUT", "/bucket/key?partNumber=1", bytes("some content"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] read(Signed signed) {
    Authenticated result =
        authenticator.authenticate(signed.head(), new BytesBody(signed.body(), 1000));
    assertThat(result.key()).isEqualTo(KEY);
    return BytesBody.drain(result.body());
  }

  private S3Exception refusal(Signed signed) {
    S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> read(signed));
    assertThat(refusal).as("a refusal of %s", signed).isNotNull();
    return refusal;
  }

  private void assertRefused(Signed signed, S3Error error) {
    assertThat(refusal(signed).error()).isEqualTo(error);
  }

  // --- what the SDK signs

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whateverTheSdkSignsIsLetIn(Mode mode) {
    Random random = Seeds.random("whateverTheSdkSignsIsLetIn " + mode);
    for (int i = 0; i < 150; i++) {
      byte[] content = Seeds.bytes(random, random.nextInt(3) == 0 ? 0 : random.nextInt(300_000));
      String method = List.of("GET", "PUT", "POST", "DELETE", "HEAD").get(random.nextInt(5));
      Signed signed =
          SdkSigner.sign(KEY, REGION, mode, method, randomTarget(random), headers(random), content);
      assertThat(read(signed)).isEqualTo(content);
    }
  }

  private static String randomTarget(Random random) {
    StringBuilder target = new StringBuilder("/bucket/");
    target.append(PercentEncoding.encode(randomText(random), true));
    int parameters = random.nextInt(5);
    for (int i = 0; i < parameters; i++) {
      target.append(i == 0 ? '?' : '&').append("p").append(random.nextInt(30));
      target.append(PercentEncoding.encode(randomText(random), false));
      if (random.nextBoolean()) {
        target.append('=').append(PercentEncoding.encode(randomText(random), false));
      }
    }
    return target.toString();
  }

  private static String randomText(Random random) {
    String alphabet = "ab-._~/ +%=&?#:;,@!$'()*[]\"<>|\\^`{}äß日🙂";
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder("k");
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  private static Map<String, String> headers(Random random) {
    Map<String, String> headers = new TreeMap<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      headers.put(
          (random.nextBoolean() ? "x-amz-meta-" : "X-Amz-Meta-Y") + i,
          "  v " + random.nextInt(100) + "   w\tx ");
    }
    return headers;
  }

  @Test
  void theModesAreWhatTheyAreCalled() {
    assertThat(hashOf(Mode.HASHED)).matches("[0-9a-f]{64}");
    assertThat(hashOf(Mode.UNSIGNED)).isEqualTo("UNSIGNED-PAYLOAD");
    assertThat(hashOf(Mode.CHUNKS)).isEqualTo("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    assertThat(hashOf(Mode.CHUNKS_AND_TRAILER))
        .isEqualTo("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
    assertThat(hashOf(Mode.PRESIGNED)).isEmpty();
  }

  private static String hashOf(Mode mode) {
    return simple(mode).headers().first("x-amz-content-sha256").orElse("");
  }

  @Test
  void anUnsignedBodyMayCarryATrailerInChunks() {
    Signed unsigned =
        SdkSigner.sign(
            KEY,
            REGION,
            Mode.HASHED,
            "PUT",
            "/b/k",
            Map.of(
                "x-amz-content-sha256",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "x-amz-decoded-content-length",
                "5",
                "x-amz-trailer",
                "x-amz-checksum-crc32"),
            bytes("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"));
    // The SDK's signer fixes the hash header by itself; sign again what the wire is to carry.
    Signed signed =
        ownSignature(
            unsigned, Map.of("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"));
    Authenticated result =
        authenticator.authenticate(signed.head(), new BytesBody(signed.body(), 3));
    assertThat(BytesBody.drain(result.body())).isEqualTo(bytes("hello"));
    assertThat(result.body().declaredLength()).isEqualTo(5);
    assertThat(result.body().trailers().first("x-amz-checksum-crc32")).hasValue("NhCmhg==");
  }

  /** Signs with our own code, for what the SDK does not say. */
  private static Signed ownSignature(Signed request, Map<String, String> replaced) {
    List<Headers.Field> fields = new ArrayList<>();
    String authorization = "";
    for (Headers.Field field : request.headers().fields()) {
      if (field.name().equalsIgnoreCase("authorization")) {
        authorization = field.value();
      } else {
        fields.add(
            new Headers.Field(
                field.name(), replaced.getOrDefault(field.name().toLowerCase(), field.value())));
      }
    }
    Headers headers = new Headers(fields);
    String signedHeaders = authorization.replaceAll(".*SignedHeaders=([^,]*),.*", "$1");
    String canonical =
        CanonicalRequest.of(
            request.withHeaders(headers).head(),
            List.of(signedHeaders.split(";")),
            headers.first("x-amz-content-sha256").orElseThrow());
    String text =
        "AWS4-HMAC-SHA256\n20260101T000000Z\n20260101/"
            + REGION
            + "/s3/aws4_request\n"
            + CanonicalRequest.hash(canonical);
    String signature = SigningKey.derive(KEY.secret(), "20260101", REGION).sign(text);
    return request.withHeaders(
        headers.with(
            "Authorization", authorization.replaceAll("Signature=.*", "Signature=" + signature)));
  }

  // --- tampering

  @ParameterizedTest
  @EnumSource(Mode.class)
  void noByteOfTheHeadCanBeChanged(Mode mode) {
    Random random = Seeds.random("noByteOfTheHeadCanBeChanged " + mode);
    for (int i = 0; i < 1000; i++) {
      Signed signed = simple(mode);
      Signed tampered = tamper(signed, random);
      if (!isEquivalent(signed, tampered)) {
        refusalOrMalformed(tampered);
      }
    }
  }

  private void refusalOrMalformed(Signed tampered) {
    Throwable failure = catchThrowableOfType(RuntimeException.class, () -> read(tampered));
    assertThat(failure)
        .as("the outcome of %s %s %s", tampered, tampered.headers().fields(), tampered.target())
        .isInstanceOfAny(S3Exception.class, MalformedRequestException.class);
  }

  /** Changes one character somewhere in the head. */
  private static Signed tamper(Signed signed, Random random) {
    int where = random.nextInt(8);
    if (where == 0) {
      return signed.withMethod(signed.method().equals("PUT") ? "DELETE" : "PUT");
    }
    if (where <= 3 || signed.headers().fields().isEmpty()) {
      return signed.withTarget(changed(signed.target(), 1, random));
    }
    List<Headers.Field> fields = new ArrayList<>(signed.headers().fields());
    int index = random.nextInt(fields.size());
    Headers.Field field = fields.get(index);
    fields.set(index, new Headers.Field(field.name(), changed(field.value(), 0, random)));
    return signed.withHeaders(new Headers(fields));
  }

  private static String changed(String text, int from, Random random) {
    if (text.length() <= from) {
      return text + "x";
    }
    int index = from + random.nextInt(text.length() - from);
    char old = text.charAt(index);
    char other = (char) (0x21 + random.nextInt(0x5d));
    return text.substring(0, index)
        + (other == old ? (char) (old ^ 1) : other)
        + text.substring(index + 1);
  }

  /** Whether two heads mean the same: what is not covered, or differs in spelling only. */
  private static boolean isEquivalent(Signed one, Signed other) {
    try {
      boolean sameTarget =
          one.head().path().equals(other.head().path())
              && one.head().query().equals(other.head().query());
      return one.method().equals(other.method())
          && sameTarget
          && meaning(one.headers()).equals(meaning(other.headers()));
    } catch (MalformedRequestException malformed) {
      return false;
    }
  }

  private static Map<String, String> meaning(Headers headers) {
    Map<String, String> map = new TreeMap<>();
    for (Headers.Field field : headers.fields()) {
      String name = field.name().toLowerCase();
      if (name.startsWith("x-amz") || name.equals("host")) {
        map.put(name, field.value());
      }
      if (name.equals("authorization")) {
        map.put(name, field.value().replace(" ", "").replace("/", "/"));
      }
      if (name.equals("content-length") || name.equals("content-encoding")) {
        map.put(name, field.value());
      }
    }
    return map;
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"HASHED", "CHUNKS", "CHUNKS_AND_TRAILER"})
  void noByteOfASignedBodyCanBeChanged(Mode mode) {
    Signed signed = sign(mode, "PUT", "/b/k", Seeds.bytesOf(1, 200));
    for (int i = 0; i < signed.body().length; i++) {
      byte[] body = signed.body().clone();
      body[i] ^= 1;
      Signed tampered = signed.withBody(body);
      byte[] content = Seeds.bytesOf(1, 200);
      S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> read(tampered));
      // A few bytes of framing may change without changing what is said: CR before LF.
      if (refusal == null) {
        assertThat(read(tampered)).isEqualTo(content);
        assertThat(signed.body()[i]).isIn((byte) '\r', (byte) '\n');
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"HASHED", "CHUNKS", "CHUNKS_AND_TRAILER"})
  void noBodyCanBeCutShort(Mode mode) {
    Signed signed = sign(mode, "PUT", "/b/k", Seeds.bytesOf(2, 200));
    for (int length = 0; length < signed.body().length - 2; length++) {
      refusal(signed.withBody(java.util.Arrays.copyOf(signed.body(), length)));
    }
  }

  @Test
  void aWrongHashIsReportedAtTheEndOfTheBody() {
    Signed signed = simple(Mode.HASHED).withBody(bytes("other content"));
    S3Exception refusal = refusal(signed);
    assertThat(refusal.error()).isEqualTo(S3Error.CONTENT_SHA256_MISMATCH);
    assertThat(refusal.details())
        .containsKeys("ClientComputedContentSHA256", "S3ComputedContentSHA256");
  }

  // --- time

  @ParameterizedTest
  @CsvSource({"900, true", "901, false", "-900, true", "-901, false"})
  void aClockMayBeAQuarterOfAnHourOff(long seconds, boolean letIn) {
    clock.step(Duration.ofSeconds(seconds));
    if (letIn) {
      assertThat(read(simple(Mode.HASHED))).isEqualTo(bytes("some content"));
    } else {
      assertRefused(simple(Mode.HASHED), S3Error.REQUEST_TIME_TOO_SKEWED);
    }
  }

  @ParameterizedTest
  @CsvSource({"3600, true", "3601, false", "-900, true", "-901, false"})
  void aPresignedRequestIsGoodUntilItExpires(long seconds, boolean letIn) {
    clock.step(Duration.ofSeconds(seconds));
    if (letIn) {
      assertThat(read(simple(Mode.PRESIGNED))).isEqualTo(bytes("some content"));
    } else {
      assertRefused(simple(Mode.PRESIGNED), S3Error.ACCESS_DENIED);
    }
  }

  // --- who

  @Test
  void nobodyIsAnonymous() {
    S3Exception refusal =
        catchThrowableOfType(
            S3Exception.class,
            () ->
                authenticator.authenticate(
                    Heads.of("GET", "/b/k", "Host", "h"), new BytesBody(new byte[0], 1)));
    assertThat(refusal.error()).isEqualTo(S3Error.ACCESS_DENIED);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void unknownAndDisabledKeysOpenNothing(Mode mode) {
    Signed signed = simple(mode);
    keys.putAccessKey(new AccessKey(KEY.id(), KEY.secret(), KEY.owner(), "", 0, false));
    assertRefused(signed, S3Error.INVALID_ACCESS_KEY_ID);
    keys.removeAccessKey(KEY.id());
    assertRefused(signed, S3Error.INVALID_ACCESS_KEY_ID);
  }

  @Test
  void aReplacedSecretOpensNothingAnyMore() {
    Signed signed = simple(Mode.HASHED);
    assertThat(read(signed)).isNotEmpty();
    keys.putAccessKey(new AccessKey(KEY.id(), "anothersecret", KEY.owner(), "", 0, true));
    assertRefused(signed, S3Error.SIGNATURE_DOES_NOT_MATCH);
  }

  @Test
  void anotherRegionIsToldTheRightOne() {
    for (Mode mode : List.of(Mode.HASHED, Mode.PRESIGNED)) {
      Signed signed = SdkSigner.sign(KEY, "us-west-2", mode, "GET", "/b", Map.of(), new byte[0]);
      S3Exception refusal = refusal(signed);
      assertThat(refusal.error())
          .isEqualTo(
              mode == Mode.HASHED
                  ? S3Error.AUTHORIZATION_HEADER_MALFORMED
                  : S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
      assertThat(refusal.details()).containsEntry("Region", REGION);
    }
  }

  @Test
  void aMismatchShowsWhatWasExpectedToBeSigned() {
    Signed signed = simple(Mode.HASHED).withMethod("DELETE");
    S3Exception refusal = refusal(signed);
    assertThat(refusal.error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    assertThat(refusal.details().get("CanonicalRequest")).startsWith("DELETE\n/bucket/key\n");
    assertThat(refusal.details().get("StringToSign")).startsWith("AWS4-HMAC-SHA256\n");
    assertThat(refusal.details().toString()).doesNotContain(KEY.secret());
  }

  // --- form

  private Signed withAuthorization(UnaryOperator<String> change) {
    Signed signed = simple(Mode.HASHED);
    List<Headers.Field> fields = new ArrayList<>();
    for (Headers.Field field : signed.headers().fields()) {
      fields.add(
          field.name().equals("Authorization")
              ? new Headers.Field(field.name(), change.apply(field.value()))
              : field);
    }
    return signed.withHeaders(new Headers(fields));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 x",
        "AWS4-HMAC-SHA256 Credential=",
        "AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/s3/aws4_request",
        "AWS4-HMAC-SHA256 Credential=tester/2026/eu-west-1/s3/aws4_request,SignedHeaders=host,"
            + "Signature=00",
        "AWS4-HMAC-SHA256 Credential=tester/20260101/eu-west-1/s3,SignedHeaders=host,Signature=00",
        "AWS4-HMAC-SHA256 Credential=tester/20260102/eu-west-1/s3/aws4_request,SignedHeaders=host,"
            + "Signature=00",
        "AWS4-HMAC-SHA256 Credential=tester/20260101/eu-west-1/ec2/aws4_request,"
            + "SignedHeaders=host,Signature=00",
        "AWS4-HMAC-SHA256 Credential=tester/20260101/eu-west-1/s3/aws5_request,"
            + "SignedHeaders=host,Signature=00",
        "AWS4-HMAC-SHA256 Credential=tester/20260101/eu-west-1/s3/aws4_request,"
            + "SignedHeaders=host;,Signature=00",
        "AWS4-HMAC-SHA256 Credential=tester/20260101/eu-west-1/s3/aws4_request,"
            + "SignedHeaders=host;host,Signature=00",
        "AWS4-HMAC-SHA256 Credential=tester/20260101/eu-west-1/s3/aws4_request,"
            + "SignedHeaders=host,Signature=00,Signature=00",
      })
  void malformedAuthorizationsAreToldSo(String authorization) {
    assertRefused(
        withAuthorization(ignored -> authorization), S3Error.AUTHORIZATION_HEADER_MALFORMED);
  }

  @Test
  void otherMechanismsAreRefused() {
    assertRefused(withAuthorization(ignored -> "AWS a:b"), S3Error.INVALID_REQUEST);
    assertRefused(
        withAuthorization(ignored -> "AWS4-ECDSA-P256-SHA256 Credential=a"),
        S3Error.INVALID_REQUEST);
    assertRefused(withAuthorization(ignored -> "Basic YTpi"), S3Error.INVALID_ARGUMENT);
    Signed both = simple(Mode.PRESIGNED);
    assertRefused(
        both.withHeaders(both.headers().with("Authorization", "AWS a:b")),
        S3Error.INVALID_ARGUMENT);
  }

  @Test
  void headersThatActMustBeSigned() {
    for (Mode mode : List.of(Mode.HASHED, Mode.PRESIGNED)) {
      Signed signed = simple(mode);
      Signed more = signed.withHeaders(signed.headers().with("X-Amz-Acl", "public-read"));
      S3Exception refusal = refusal(more);
      assertThat(refusal.error()).isEqualTo(S3Error.ACCESS_DENIED);
      assertThat(refusal.details()).containsEntry("HeadersNotSigned", "x-amz-acl");
    }
    assertThat(
            refusal(withAuthorization(text -> text.replace("host;", "").replace(";host", "")))
                .details())
        .containsEntry("HeadersNotSigned", "host");
  }

  @ParameterizedTest
  @CsvSource({
    "X-Amz-Expires=3600, X-Amz-Expires=604801",
    "X-Amz-Expires=3600, X-Amz-Expires=0",
    "X-Amz-Expires=3600, X-Amz-Expires=-1",
    "X-Amz-Expires=3600, X-Amz-Expires=1e3",
    "X-Amz-Expires=3600, X-Amz-Expires=3600&X-Amz-Expires=7200",
    "X-Amz-Expires=3600, a=b",
    "X-Amz-Date=20260101T000000Z, X-Amz-Date=2026-01-01",
    "X-Amz-Date=20260101T000000Z, X-Amz-Date=20261301T000000Z",
    "X-Amz-Date=20260101T000000Z, X-Amz-Date=20260102T000000Z",
    "X-Amz-Algorithm=AWS4-HMAC-SHA256, X-Amz-Algorithm=AWS4-HMAC-SHA1",
    "%2Faws4_request, ''",
  })
  void malformedParametersAreToldSo(String old, String replacement) {
    Signed signed = simple(Mode.PRESIGNED);
    assertThat(signed.target()).contains(old);
    assertRefused(
        signed.withTarget(signed.target().replace(old, replacement)),
        S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
  }

  @Test
  void dateAndHashAreRequired() {
    Signed signed = simple(Mode.HASHED);
    assertRefused(without(signed, "X-Amz-Date"), S3Error.ACCESS_DENIED);
    assertRefused(without(signed, "x-amz-content-sha256"), S3Error.INVALID_REQUEST);
    Signed odd = without(signed, "x-amz-content-sha256");
    assertRefused(
        odd.withHeaders(odd.headers().with("x-amz-content-sha256", "abc")),
        S3Error.INVALID_ARGUMENT);
    assertRefused(
        odd.withHeaders(
            odd.headers().with("x-amz-content-sha256", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")),
        S3Error.NOT_IMPLEMENTED);
  }

  private static Signed without(Signed signed, String name) {
    return signed.withHeaders(
        new Headers(
            signed.headers().fields().stream()
                .filter(field -> !field.name().equalsIgnoreCase(name))
                .toList()));
  }

  @Test
  void aTokenBelongsToCredentialsThatAreNotOurs() {
    Signed signed =
        SdkSigner.sign(
            KEY,
            REGION,
            Mode.HASHED,
            "GET",
            "/b",
            Map.of("x-amz-security-token", "t"),
            new byte[0]);
    assertRefused(signed, S3Error.INVALID_TOKEN);
  }

  @Test
  void fewSigningKeysAreKept() {
    SigningKeys cache = new SigningKeys(REGION, 3);
    SigningKey first = cache.of(KEY, "20260101");
    assertThat(cache.of(KEY, "20260101")).isSameAs(first);
    for (int day = 2; day < 9; day++) {
      cache.of(KEY, "2026010" + day);
    }
    assertThat(cache.size()).isEqualTo(3);
    assertThat(cache.of(KEY, "20260101")).isNotSameAs(first);
    assertThat(cache.of(KEY, "20260101").sign("x")).isEqualTo(first.sign("x"));
  }
}
