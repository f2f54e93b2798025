package io.forebay.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.S3Limits;
import io.forebay.s3.http.LoopbackServer.Transport;
import io.forebay.s3.http.MalformedRequestException.Reason;
import io.forebay.s3.http.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in, answers out, in order; framing per RFC 9112. */
@Timeout(60)
class HttpConnectionTest {
  private static final String GET = "GET %s HTTP/1.1\r\nHost: h\r\n\r\n";

  /** Answers with what it was asked for. */
  private static Response echo(Exchange exchange) {
    if (exchange.defect().isPresent()) {
      throw exchange.defect().get();
    }
    return LoopbackServer.text(200, exchange.head().method() + " " + exchange.head().path());
  }

  /** Answers with the length and CRC-32 of the body. */
  private static Response digest(Exchange exchange) {
    if (exchange.defect().isPresent()) {
      throw exchange.defect().get();
    }
    CRC32 crc = new CRC32();
    long length = 0;
    RequestBody body = exchange.body();
    for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
      length += piece.remaining();
      crc.update(piece);
    }
    return LoopbackServer.text(200, length + " " + crc.getValue());
  }

  private static String digestOf(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return bytes.length + " " + crc.getValue();
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] chunked(byte[] bytes, int chunk) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i += chunk) {
      int length = Math.min(chunk, bytes.length - i);
      out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(bytes, i, length);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  @Test
  void aConnectionIsKeptFromRequestToRequest() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::echo);
        RawClient client = server.connect()) {
      for (int i = 0; i < 3; i++) {
        Answer answer = client.send(GET.formatted("/" + i)).receive();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("GET /" + i);
        assertThat(answer.headers()).containsKeys("date", "server", "x-amz-request-id");
        assertThat(answer.closes()).isFalse();
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::digest);
        RawClient client = server.connect()) {
      ByteArrayOutputStream requests = new ByteArrayOutputStream();
      for (int i = 0; i < 50; i++) {
        byte[] body = randomBytes(i * 100);
        requests.write(
            ("PUT /%d HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n".formatted(i, body.length))
                .getBytes(StandardCharsets.US_ASCII));
        requests.write(body);
      }
      client.send(requests.toByteArray());
      for (int i = 0; i < 50; i++) {
        assertThat(client.receive().text()).isEqualTo(digestOf(randomBytes(i * 100)));
      }
    }
  }

  @Test
  void aRequestSentAheadWaitsForTheAnswerBeforeIt() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    LoopbackServer.Handler handler =
        exchange -> {
          if (exchange.head().path().equals("/first")) {
            release.await();
          }
          return echo(exchange);
        };
    try (LoopbackServer server = new LoopbackServer(handler);
        RawClient client = server.connect()) {
      client.send(GET.formatted("/first") + GET.formatted("/second"));
      server.connection();
      server.flushEventLoop();
      assertThat(server.runningRequests()).isLessThanOrEqualTo(1);
      release.countDown();
      assertThat(client.receive().text()).isEqualTo("GET /first");
      assertThat(client.receive().text()).isEqualTo("GET /second");
    }
  }

  @Test
  void whoSendsTooManyRequestsAheadIsNotServedFurther() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    LoopbackServer.Handler handler =
        exchange -> {
          release.await();
          return echo(exchange);
        };
    try (LoopbackServer server = new LoopbackServer(handler);
        RawClient client = server.connect()) {
      client.send(GET.formatted("/x").repeat(S3Limits.DEFAULT.maxPipelined() * 4));
      server.connection();
      client.send("");
      server.flushEventLoop();
      release.countDown();
      int answers = 0;
      for (String line : new String(client.rest(), StandardCharsets.US_ASCII).split("\n")) {
        answers += line.startsWith("HTTP/1.1 200") ? 1 : 0;
      }
      assertThat(answers).isBetween(1, S3Limits.DEFAULT.maxPipelined() + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, EPOLL",
    "1, EPOLL",
    "70000, EPOLL",
    "5000000, EPOLL",
    "0, NIO",
    "70000, NIO",
    "5000000, NIO"
  })
  void aBodyArrivesWhole(int length, Transport transport) throws Exception {
    byte[] body = randomBytes(length);
    try (LoopbackServer server =
            new LoopbackServer(HttpConnectionTest::digest, S3Limits.DEFAULT, transport);
        RawClient client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n");
      assertThat(client.send(body).receive().text()).isEqualTo(digestOf(body));
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertThat(client.send(chunked(body, 50_000)).receive().text()).isEqualTo(digestOf(body));
    }
  }

  @Test
  void aBodyOfTinyChunksArrivesWhole() throws Exception {
    byte[] body = randomBytes(10_000);
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::digest);
        RawClient client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertThat(client.send(chunked(body, 1)).receive().text()).isEqualTo(digestOf(body));
    }
  }

  @Test
  void continueIsSentWhenTheBodyIsPulled() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::digest);
        RawClient client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.receive().status()).isEqualTo(100);
      Answer answer = client.send("hello").receive();
      assertThat(answer.text()).isEqualTo(digestOf("hello".getBytes(StandardCharsets.US_ASCII)));
      assertThat(answer.closes()).isFalse();
      assertThat(client.send(GET.formatted("/")).receive().status()).isEqualTo(200);
    }
  }

  /**
   * botocore remembers the status of a final answer to a request that expected 100, and takes it
   * for that of the next: an answer without 100 before it must end the connection.
   */
  @Test
  void whoeverExpectsContinueGetsItOrIsClosedWhateverTheLength() throws Exception {
    String request =
        "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n" + "Expect: 100-continue\r\n\r\n";
    LoopbackServer.Handler handler =
        exchange -> exchange.head().path().equals("/read") ? digest(exchange) : echo(exchange);
    try (LoopbackServer server = new LoopbackServer(handler);
        RawClient client = server.connect()) {
      for (int i = 0; i < 20; i++) {
        client.send(request.formatted("/read"));
        assertThat(client.receive().status()).isEqualTo(100);
        assertThat(client.receive().closes()).isFalse();
      }
      Answer refused = client.send(request.formatted("/refused")).receive();
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.closes()).isTrue();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void withoutInterestInTheBodyNobodyIsToldToSendIt() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::echo);
        RawClient client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      Answer answer = client.receive();
      assertThat(answer.status()).isEqualTo(200);
      // Whether five bytes of a body follow or a request is not known: the connection is over.
      assertThat(answer.closes()).isTrue();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aShortBodyThatNobodyReadsIsSkipped() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::echo);
        RawClient client = server.connect()) {
      client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
      Answer answer = client.receive();
      assertThat(answer.closes()).isFalse();
      client.send(randomBytes(1000));
      assertThat(client.send(GET.formatted("/b")).receive().text()).isEqualTo("GET /b");
    }
  }

  @Test
  void aLongBodyThatNobodyReadsEndsTheConnectionAfterTheAnswer() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::echo);
        RawClient client = server.connect()) {
      client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");
      client.send(randomBytes(100_000));
      Answer answer = client.receive();
      assertThat(answer.text()).isEqualTo("PUT /a");
      assertThat(answer.closes()).isTrue();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void whatNobodyReadsIsNotTakenFromTheSocketBeyondTheBound() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    LoopbackServer.Handler handler =
        exchange -> {
          release.await();
          return digest(exchange);
        };
    int length = 8 << 20;
    try (LoopbackServer server = new LoopbackServer(handler);
        RawClient client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n");
      byte[] body = randomBytes(length);
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.send(body);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      io.netty.channel.Channel connection = server.connection();
      while (connection.config().isAutoRead()) {
        server.flushEventLoop();
      }
      HttpConnection handlerSide = (HttpConnection) connection.pipeline().get("connection");
      assertThat(handlerSide.bufferedBodyBytes())
          .isBetween(
              (long) S3Limits.DEFAULT.bodyBufferBytes(), 2L * S3Limits.DEFAULT.bodyBufferBytes());
      release.countDown();
      assertThat(client.receive().text()).isEqualTo(digestOf(body));
      sender.join();
    }
  }

  @Test
  void anUploadThatBreaksOffFailsItsReader() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::digest)) {
      RawClient client = server.connect();
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
      client.send(randomBytes(1000));
      client.abort();
      assertThat(server.failure()).isInstanceOf(RequestAbortedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -4\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +4\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 4x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: h\r\n\r\n",
        "GET /\r\n\r\n",
        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /?a=%f HTTP/1.1\r\nHost: h\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n",
      })
  void whatCannotBeFramedOrReadForSureIsRefusedAndEndsTheConnection(String request)
      throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::digest);
        RawClient client = server.connect()) {
      Answer answer = client.send(request + GET.formatted("/smuggled")).receive();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).isEqualTo("MalformedRequestException");
      assertThat(answer.closes()).isTrue();
      assertThat(client.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n", "-1\r\n", "fffffffffffffffff\r\n", "4\r\nabcdef\r\n"})
  void aBrokenChunkFailsTheReaderAndEndsTheConnection(String chunk) throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::digest);
        RawClient client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
      Answer answer = client.receive();
      assertThat(answer.text()).isEqualTo("MalformedRequestException");
      assertThat(answer.closes()).isTrue();
    }
  }

  @Test
  void headsAreBounded() throws Exception {
    S3Limits limits = S3Limits.DEFAULT;
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::echo)) {
      String path = "/" + "x".repeat(limits.maxLineBytes() - 100);
      String field = "A: " + "x".repeat(limits.maxHeadBytes() - 100) + "\r\n";
      String fields = "A: b\r\n".repeat(limits.maxFields() - 1);
      try (RawClient client = server.connect()) {
        assertThat(client.send(GET.formatted(path)).receive().status()).isEqualTo(200);
        client.send("GET / HTTP/1.1\r\nHost: h\r\n" + field + "\r\n");
        assertThat(client.receive().status()).isEqualTo(200);
        client.send("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
        assertThat(client.receive().status()).isEqualTo(200);
      }
      assertRefused(server, GET.formatted(path + "x".repeat(101)), Reason.LINE_TOO_LONG);
      assertRefused(
          server, "GET / HTTP/1.1\r\nHost: h\r\n" + field + field + "\r\n", Reason.HEAD_TOO_LARGE);
      assertRefused(
          server, "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "A: b\r\n\r\n", Reason.HEAD_TOO_LARGE);
    }
  }

  private static void assertRefused(LoopbackServer server, String request, Reason reason)
      throws Exception {
    try (RawClient client = server.connect()) {
      Answer answer = client.send(request).receive();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.closes()).isTrue();
      assertThat(((MalformedRequestException) server.failure()).reason()).isEqualTo(reason);
    }
  }

  @Test
  void http10ClosesUnlessAskedToKeep() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::echo)) {
      try (RawClient client = server.connect()) {
        Answer answer = client.send("GET /a HTTP/1.0\r\n\r\n").receive();
        assertThat(answer.text()).isEqualTo("GET /a");
        assertThat(answer.closes()).isTrue();
        assertThat(client.rest()).isEmpty();
      }
      try (RawClient client = server.connect()) {
        for (int i = 0; i < 2; i++) {
          client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
          assertThat(client.receive().headers()).containsEntry("connection", "keep-alive");
        }
      }
    }
  }

  @Test
  void aClientThatAsksToCloseIsClosed() throws Exception {
    try (LoopbackServer server = new LoopbackServer(HttpConnectionTest::echo);
        RawClient client = server.connect()) {
      client.send("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(client.receive().closes()).isTrue();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void headersAndParametersArriveAsTheyWereMeant() throws Exception {
    LoopbackServer.Handler handler =
        exchange -> {
          RequestHead head = exchange.head();
          assertThat(head.rawPath()).isEqualTo("/b/%C3%A4%2Fb+c");
          assertThat(head.path()).isEqualTo("/b/ä/b+c");
          assertThat(head.query().parameters())
              .containsExactly(
                  new QueryParameters.Parameter("prefix", "a b+"),
                  new QueryParameters.Parameter("acl", ""),
                  new QueryParameters.Parameter("prefix", "=2"));
          assertThat(head.headers().all("x-AMZ-meta-a")).containsExactly("1", "ü", "é");
          assertThat(head.contentLength()).isZero();
          return Response.empty(204, Headers.NONE);
        };
    try (LoopbackServer server = new LoopbackServer(handler);
        RawClient client = server.connect()) {
      client.send(
          "GET http://h/b/%C3%A4%2Fb+c?prefix=a+b%2B&acl&&prefix==2 HTTP/1.1\r\nHost: h\r\n"
              + "X-Amz-Meta-A: 1\r\nx-amz-meta-a:  \u00c3\u00bc \r\nX-amz-meta-a: \u00e9\r\n\r\n");
      assertThat(client.receive().status()).isEqualTo(204);
    }
  }

  @Test
  void drainingFinishesTheRequestAndEndsTheConnection() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    LoopbackServer.Handler handler =
        exchange -> {
          begun.countDown();
          release.await();
          return echo(exchange);
        };
    try (LoopbackServer server = new LoopbackServer(handler);
        RawClient idle = server.connect()) {
      io.netty.channel.Channel idleConnection = server.connection();
      try (RawClient busy = server.connect()) {
        io.netty.channel.Channel busyConnection = server.connection();
        busy.send(GET.formatted("/a"));
        begun.await();
        idleConnection.pipeline().fireUserEventTriggered(HttpPipeline.Event.DRAIN);
        busyConnection.pipeline().fireUserEventTriggered(HttpPipeline.Event.DRAIN);
        assertThat(idle.rest()).isEmpty();
        server.flushEventLoop();
        release.countDown();
        Answer answer = busy.receive();
        assertThat(answer.text()).isEqualTo("GET /a");
        assertThat(answer.closes()).isTrue();
        assertThat(busy.rest()).isEmpty();
      }
    }
  }

  @Test
  void aRequestThatIsNeverAnsweredEndsTheConnection() throws Exception {
    LoopbackServer.Handler handler =
        exchange -> {
          exchange.close();
          return echo(exchange);
        };
    try (LoopbackServer server = new LoopbackServer(handler);
        RawClient client = server.connect()) {
      client.send(GET.formatted("/a"));
      assertThat(client.rest()).isEmpty();
    }
  }
}
