package io.forebay.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.Payload;
import io.forebay.s3.S3Limits;
import io.forebay.s3.http.LoopbackServer.Transport;
import io.forebay.s3.http.RawClient.Answer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody holds a connection by doing nothing. */
@Timeout(60)
class ConnectionTimeoutsTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(200);

  private static S3Limits limits(Duration idle, Duration head, Duration body, Duration write) {
    S3Limits d = S3Limits.DEFAULT;
    return new S3Limits(
        d.maxConnections(),
        d.maxInFlight(),
        d.maxPipelined(),
        d.maxLineBytes(),
        d.maxHeadBytes(),
        d.maxFields(),
        d.maxDocumentBytes(),
        d.bodyBufferBytes(),
        d.maxDrainBytes(),
        idle,
        head,
        body,
        write);
  }

  private static LoopbackServer server(LoopbackServer.Handler handler, S3Limits limits) {
    return new LoopbackServer(handler, limits, Transport.EPOLL);
  }

  private static Response readAll(Exchange exchange) {
    while (exchange.body().read() != null) {
      // Only the end matters.
    }
    return LoopbackServer.text(200, "read");
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    try (LoopbackServer server =
            server(ConnectionTimeoutsTest::readAll, limits(SHORT, LONG, LONG, LONG));
        RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").receive();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aHeadThatDoesNotEndIsClosed() throws Exception {
    try (LoopbackServer server =
            server(ConnectionTimeoutsTest::readAll, limits(LONG, SHORT, LONG, LONG));
        RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nA: ");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aBodyThatDoesNotComeIsAnsweredAsATimeout() throws Exception {
    try (LoopbackServer server =
            server(ConnectionTimeoutsTest::readAll, limits(LONG, LONG, SHORT, LONG));
        RawClient client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
      Answer answer = client.receive();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).isEqualTo("RequestTimeoutException");
      assertThat(answer.closes()).isTrue();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void theRestOfABodyThatNobodyWantsIsNotWaitedForLong() throws Exception {
    LoopbackServer.Handler handler = exchange -> LoopbackServer.text(200, "no");
    try (LoopbackServer server = server(handler, limits(LONG, LONG, SHORT, LONG));
        RawClient client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
      assertThat(client.receive().closes()).isFalse();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aClientThatTakesNothingIsClosed() throws Exception {
    CountingSource source =
        new CountingSource(n -> List.of(new Payload.Memory(ByteBuffer.allocate(1 << 20))));
    LoopbackServer.Handler handler =
        exchange -> new Response(200, Headers.NONE, new ResponseBody.Streamed(1L << 40, source));
    try (LoopbackServer server = server(handler, limits(LONG, LONG, LONG, SHORT));
        RawClient client = server.connect(64 << 10)) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(server.failure()).isInstanceOf(RequestAbortedException.class);
      assertThat(source.closed()).isEqualTo(source.given());
      assertThat(source.timesClosed()).isEqualTo(1);
    }
  }
}
