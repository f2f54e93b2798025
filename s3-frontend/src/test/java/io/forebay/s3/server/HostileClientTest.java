package io.forebay.s3.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.forebay.ambient.TimeSource;
import io.forebay.s3.S3Config;
import io.forebay.s3.S3Limits;
import io.forebay.s3.http.RawClient;
import io.forebay.s3.http.RawClient.Answer;
import io.forebay.testkit.Seeds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Clients that do it wrong get S3's answer; the server keeps its temper, and a clean log. */
@Timeout(120)
class HostileClientTest {
  private static final String BUCKET = "hostile";

  @TempDir static Path directory;
  private static ServerUnderTest server;
  private static S3Client client;

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeAll
  static void start() throws IOException {
    server = ServerUnderTest.start(directory, S3Limits.DEFAULT, Optional.of("s3.test"));
    client = server.client();
    client.createBucket(r -> r.bucket(BUCKET));
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static Logger forebay() {
    return (Logger) LoggerFactory.getLogger("io.forebay.s3");
  }

  @BeforeEach
  void watchTheLog() {
    logged.start();
    forebay().addAppender(logged);
  }

  @AfterEach
  void theLogHasNothingToSayAboutClients() {
    forebay().detachAppender(logged);
    assertThat(logged.list)
        .filteredOn(event ->
            event.getLevel().isGreaterOrEqual(Level.WARN) || event.getThrowableProxy() != null)
        .isEmpty();
  }

  @AfterEach
  void theServerIsUnharmed() {
    client.putObject(r -> r.bucket(BUCKET).key("alive"), RequestBody.fromString("yes"));
    assertThat(client.getObjectAsBytes(r -> r.bucket(BUCKET).key("alive")).asUtf8String())
        .isEqualTo("yes");
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /hostile/a HTTP/1.1\r\nHost: h\r\n\r\n', 403, AccessDenied",
    "'GET /hostile/%zz HTTP/1.1\r\nHost: h\r\n\r\n', 400, InvalidURI",
    "'GET /hostile/%ff HTTP/1.1\r\nHost: h\r\n\r\n', 400, InvalidURI",
    "'GET / HTTP/1.1\r\n\r\n', 400, BadRequest",
    "'nonsense\r\n\r\n', 400, BadRequest",
    "'PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n', 400, "
        + "BadRequest",
    "'GET / HTTP/1.1\r\nHost: h\r\nAuthorization: AWS a:b\r\n\r\n', 400, InvalidRequest",
    "'GET / HTTP/1.1\r\nHost: h\r\nAuthorization: AWS4-HMAC-SHA256 a\r\nDate: x\r\n\r\n', 400, "
        + "AuthorizationHeaderMalformed",
    "'GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256 HTTP/1.1\r\nHost: h\r\n\r\n', 400, "
        + "AuthorizationQueryParametersError",
    "'BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n', 403, AccessDenied",
  })
  void malformedRequestsGetTheirCode(String request, int status, String code) throws Exception {
    try (RawClient raw = new RawClient(server.address())) {
      Answer answer = raw.send(request).receive();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.text()).contains("<Code>" + code + "</Code>");
      assertThat(answer.text())
          .contains("<RequestId>" + answer.headers().get("x-amz-request-id") + "</RequestId>")
          .contains("<HostId>" + answer.headers().get("x-amz-id-2") + "</HostId>");
    }
  }

  @Test
  void anOversizedHeadGetsItsCode() throws Exception {
    try (RawClient raw = new RawClient(server.address())) {
      String field = "x-a: " + "y".repeat(S3Limits.DEFAULT.maxHeadBytes()) + "\r\n";
      Answer answer = raw.send("GET / HTTP/1.1\r\nHost: h\r\n" + field + "\r\n").receive();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("<Code>RequestHeaderSectionTooLarge</Code>");
    }
  }

  @Test
  void randomBytesHarmNobody() throws Exception {
    Random random = Seeds.random("randomBytesHarmNobody");
    for (int i = 0; i < 100; i++) {
      try (RawClient raw = new RawClient(server.address())) {
        String start = random.nextBoolean() ? "GET / HTTP/1.1\r\nHost: h\r\n" : "";
        raw.send(start);
        raw.send(Seeds.bytes(random, random.nextInt(5000)));
        raw.send("\r\n\r\n\r\n\r\n");
        if (random.nextBoolean()) {
          raw.abort();
        }
      } catch (IOException closedEarly) {
        assertThat(closedEarly).hasMessageNotContaining("timed out");
      }
    }
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws Exception {
    URI address = presignedPut("broken");
    try (RawClient raw = new RawClient(server.address())) {
      raw.send(
          "PUT "
              + address.getRawPath()
              + "?"
              + address.getRawQuery()
              + " HTTP/1.1\r\nHost: "
              + address.getAuthority()
              + "\r\nContent-Length: 10000000\r\n\r\n");
      raw.send(new byte[2_000_000]);
      raw.abort();
    }
    awaitIdle();
    assertThatThrownBy(() -> client.headObject(r -> r.bucket(BUCKET).key("broken")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(404));
  }

  /** Waits, without sleeping, until no request is under way. */
  private static void awaitIdle() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (server.meters().get("forebay.s3.requests.active").gauge().value() > 0) {
      assertThat(System.nanoTime()).as("requests end").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static URI presignedPut(String key) throws Exception {
    try (S3Presigner presigner = server.presigner()) {
      return presigner
          .presignPutObject(p ->
              p.signatureDuration(Duration.ofMinutes(5))
                  .putObjectRequest(r -> r.bucket(BUCKET).key(key)))
          .url()
          .toURI();
    }
  }

  @Test
  void aPresignedPutCannotCarryMoreThanWasSigned() throws Exception {
    URI address = presignedPut("sneaky");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(address)
                  .header("x-amz-meta-a", "b")
                  .PUT(HttpRequest.BodyPublishers.ofString("x"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("<HeadersNotSigned>x-amz-meta-a</HeadersNotSigned>");
    }
  }

  @Test
  void controlCharactersInOverridesAreRefused() {
    try (S3Presigner presigner = server.presigner();
        HttpClient http = HttpClient.newHttpClient()) {
      URI address =
          URI.create(
              presigner
                  .presignGetObject(p ->
                      p.signatureDuration(Duration.ofMinutes(5))
                          .getObjectRequest(r ->
                              r.bucket(BUCKET)
                                  .key("alive")
                                  .responseContentType("a\r\nSet-Cookie: b")))
                  .url()
                  .toString());
      client.putObject(r -> r.bucket(BUCKET).key("alive"), RequestBody.fromString("yes"));
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void virtualHostsNameBuckets() throws Exception {
    client.putObject(r -> r.bucket(BUCKET).key("v/h"), RequestBody.fromString("hosted"));
    S3Configuration virtual = S3Configuration.builder().pathStyleAccessEnabled(false).build();
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(URI.create("http://s3.test:" + server.address().getPort()))
            .region(software.amazon.awssdk.regions.Region.US_EAST_1)
            .credentialsProvider(ServerUnderTest.credentials(ServerUnderTest.ROOT))
            .serviceConfiguration(virtual)
            .build()) {
      URI address =
          presigner
              .presignGetObject(p ->
                  p.signatureDuration(Duration.ofMinutes(5))
                      .getObjectRequest(r -> r.bucket(BUCKET).key("v/h")))
              .url()
              .toURI();
      assertThat(address.getHost()).isEqualTo("hostile.s3.test");
      try (RawClient raw = new RawClient(server.address())) {
        raw.send(
            "GET "
                + address.getRawPath()
                + "?"
                + address.getRawQuery()
                + " HTTP/1.1\r\nHost: "
                + address.getAuthority()
                + "\r\n\r\n");
        assertThat(raw.receive().text()).isEqualTo("hosted");
      }
    }
  }

  @Test
  void aTakenPortIsABindException() {
    S3Config config =
        new S3Config(server.address(), "us-east-1", Optional.empty(), S3Limits.DEFAULT);
    try (S3Server second =
        new S3Server(
            config,
            server.objects(),
            server.identity(),
            TimeSource.system(),
            new Random(1),
            new SimpleMeterRegistry())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(BindException.class)
          .hasMessageContaining(Integer.toString(server.address().getPort()));
    }
  }

  @Test
  void connectionsBeyondTheBoundAreTurnedAwayAndThoseWithinServed(@TempDir Path other)
      throws Exception {
    S3Limits d = S3Limits.DEFAULT;
    S3Limits few =
        new S3Limits(
            3,
            d.maxInFlight(),
            d.maxPipelined(),
            d.maxLineBytes(),
            d.maxHeadBytes(),
            d.maxFields(),
            d.maxDocumentBytes(),
            d.bodyBufferBytes(),
            d.maxDrainBytes(),
            d.idleTimeout(),
            d.headTimeout(),
            d.bodyTimeout(),
            d.writeTimeout());
    try (ServerUnderTest small = ServerUnderTest.start(other, few, Optional.empty())) {
      List<RawClient> clients = new ArrayList<>();
      String request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
      for (int i = 0; i < 3; i++) {
        RawClient raw = new RawClient(small.address());
        clients.add(raw);
        assertThat(raw.send(request).receive().status()).isEqualTo(403);
      }
      try (RawClient more = new RawClient(small.address())) {
        assertThat(more.rest()).isEmpty();
      }
      for (RawClient raw : clients) {
        assertThat(raw.send(request).receive().status()).isEqualTo(403);
        raw.close();
      }
    }
  }

  @Test
  void aDrainedServerFinishesWhatItBeganAndTakesNoMore(@TempDir Path other) throws Exception {
    try (ServerUnderTest small = ServerUnderTest.start(other);
        RawClient idle = new RawClient(small.address())) {
      String request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
      assertThat(idle.send(request).receive().status()).isEqualTo(403);
      small.server().drain(Duration.ofSeconds(10));
      assertThat(idle.rest()).isEmpty();
      assertThatThrownBy(() -> new RawClient(small.address())).isInstanceOf(IOException.class);
    }
  }

  @Test
  void answersTellNothingOfTheInside() throws Exception {
    try (RawClient raw = new RawClient(server.address())) {
      Answer answer = raw.send("GET /hostile/x HTTP/1.1\r\nHost: h\r\n\r\n").receive();
      String all = answer.headers() + new String(answer.body(), StandardCharsets.UTF_8);
      assertThat(all).doesNotContainIgnoringCase("netty").doesNotContain("Exception");
      assertThat(answer.headers()).containsEntry("server", "Forebay");
    }
  }
}
