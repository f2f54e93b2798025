package io.forebay.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Payload;
import io.forebay.s3.S3Limits;
import io.forebay.s3.http.LoopbackServer.Transport;
import io.forebay.s3.http.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers of all kinds leave whole, hold little, and let go of everything. */
@Timeout(60)
class ResponseSendingTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  private static Response streamed(long length, PayloadSource source) {
    return new Response(200, Headers.NONE, new ResponseBody.Streamed(length, source));
  }

  private static List<Payload.Part> memory(int length) {
    return List.of(new Payload.Memory(ByteBuffer.allocate(length).asReadOnlyBuffer()));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void payloadsOfAllPartsArriveWholeAndAreClosedOnce(Transport transport) throws Exception {
    long seed = 20_261_124;
    Random random = new Random(seed);
    byte[] file = new byte[4 * MIB];
    random.nextBytes(file);
    Path path = Files.write(directory.resolve("block"), file);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      List<List<Payload.Part>> payloads = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        payloads.add(randomParts(random, file, channel, expected));
      }
      CountingSource source = new CountingSource(payloads::get);
      try (LoopbackServer server =
              new LoopbackServer(
                  exchange -> streamed(expected.size(), source), S3Limits.DEFAULT, transport);
          RawClient client = server.connect()) {
        Answer answer = client.send(GET).receive();
        assertThat(answer.body()).as("seed %s", seed).isEqualTo(expected.toByteArray());
        assertThat(server.sent()).isEqualTo(new Sent(200, expected.size(), true));
        assertThat(source.closed()).isEqualTo(60);
        assertThat(source.timesClosed()).isEqualTo(1);
        assertThat(source.mostOpen()).isLessThanOrEqualTo(OutboundWriter.MAX_OUTSTANDING);
        assertThat(channel.isOpen()).isTrue();
      }
    }
  }

  private static List<Payload.Part> randomParts(
      Random random, byte[] file, FileChannel channel, ByteArrayOutputStream expected) {
    List<Payload.Part> parts = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      int length = 1 + random.nextInt(random.nextBoolean() ? 300_000 : 20_000);
      int position = random.nextInt(file.length - length);
      switch (random.nextInt(3)) {
        case 0 -> {
          parts.add(new Payload.FileRange(channel, position, length));
          expected.write(file, position, length);
        }
        case 1 -> {
          parts.add(new Payload.Memory(ByteBuffer.wrap(file, position, length).asReadOnlyBuffer()));
          expected.write(file, position, length);
        }
        default -> {
          parts.add(new Payload.Zeroes(length));
          expected.write(new byte[length], 0, length);
        }
      }
    }
    return parts;
  }

  @Test
  void longRunsGoAsTheyAreAndShortOnesAreCopiedTogether() throws Exception {
    Path path = Files.write(directory.resolve("block"), new byte[MIB]);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      Payload payload =
          new Payload(
              List.of(
                  new Payload.FileRange(channel, 0, PayloadMessages.MIN_REGION_BYTES),
                  new Payload.Zeroes(10),
                  new Payload.FileRange(channel, 0, PayloadMessages.MIN_REGION_BYTES - 1)),
              () -> {});
      io.netty.buffer.ByteBufAllocator allocator = io.netty.buffer.UnpooledByteBufAllocator.DEFAULT;
      List<Object> plain = new PayloadMessages(allocator, true).of(payload);
      assertThat(plain).hasSize(2);
      assertThat(plain.getFirst()).isInstanceOf(UnownedFileRegion.class);
      List<Object> encrypted = new PayloadMessages(allocator, false).of(payload);
      assertThat(encrypted).singleElement().isInstanceOf(io.netty.buffer.ByteBuf.class);
      plain.forEach(io.netty.util.ReferenceCountUtil::release);
      encrypted.forEach(io.netty.util.ReferenceCountUtil::release);
      assertThat(channel.isOpen()).isTrue();
    }
  }

  /** A file inside an archive stands for any channel that has no descriptor of its own. */
  @Test
  void aFileThatTheKernelDoesNotKnowIsCopied() throws Exception {
    byte[] file = new byte[200_000];
    new Random(4).nextBytes(file);
    URI archive = URI.create("jar:" + directory.resolve("archive.zip").toUri());
    try (FileSystem inside = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      Path path = Files.write(inside.getPath("block"), file);
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        CountingSource source =
            new CountingSource(n -> List.of(new Payload.FileRange(channel, 0, file.length)));
        try (LoopbackServer server = new LoopbackServer(exchange -> streamed(file.length, source));
            RawClient client = server.connect()) {
          assertThat(client.send(GET).receive().body()).isEqualTo(file);
        }
      }
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsAFewPayloadsAndLetsThemGoWhenItLeaves() throws Exception {
    CountingSource source = new CountingSource(n -> memory(MIB));
    try (LoopbackServer server = new LoopbackServer(exchange -> streamed(1L << 40, source))) {
      RawClient client = server.connect(64 << 10);
      client.send(GET);
      io.netty.channel.Channel connection = server.connection();
      int given = -1;
      // The socket buffers take some; then nothing moves.
      while (given != source.given() || connection.unsafe().outboundBuffer().isEmpty()) {
        given = source.given();
        for (int i = 0; i < 50; i++) {
          server.flushEventLoop();
        }
      }
      assertThat(source.mostOpen()).isLessThanOrEqualTo(OutboundWriter.MAX_OUTSTANDING);
      assertThat(source.given()).isLessThan(64);
      assertThat(source.timesClosed()).isZero();
      client.abort();
      assertThat(server.failure()).isInstanceOf(RequestAbortedException.class);
      assertThat(source.closed()).isEqualTo(source.given());
      assertThat(source.timesClosed()).isEqualTo(1);
    }
  }

  @Test
  void aSourceThatFailsAtOnceIsAnsweredAsAFailure() throws Exception {
    CountingSource source =
        new CountingSource(n -> {
          throw new EngineException(ErrorCode.CORRUPT, "lost");
        });
    try (LoopbackServer server = new LoopbackServer(exchange -> streamed(MIB, source));
        RawClient client = server.connect()) {
      Answer answer = client.send(GET).receive();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.text()).isEqualTo("EngineException");
      assertThat(server.sent().status()).isEqualTo(500);
      assertThat(source.timesClosed()).isEqualTo(1);
      assertThat(client.send(GET).receive().status()).isEqualTo(500);
    }
  }

  @Test
  void aFileThatCannotBeReadIsAnsweredAsAFailure() throws Exception {
    Path path = Files.write(directory.resolve("short"), new byte[100]);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      CountingSource source =
          new CountingSource(n -> List.of(new Payload.FileRange(channel, 0, 101)));
      try (LoopbackServer server = new LoopbackServer(exchange -> streamed(101, source));
          RawClient client = server.connect()) {
        assertThat(client.send(GET).receive().status()).isEqualTo(500);
        assertThat(server.sent().status()).isEqualTo(500);
        assertThat(source.closed()).isEqualTo(1);
      }
    }
  }

  @Test
  void aSourceThatFailsLaterLeavesTheAnswerShortAndTheConnectionClosed() throws Exception {
    CountingSource source =
        new CountingSource(n -> {
          if (n == 3) {
            throw new EngineException(ErrorCode.CORRUPT, "lost");
          }
          return memory(MIB);
        });
    try (LoopbackServer server = new LoopbackServer(exchange -> streamed(5 * MIB, source));
        RawClient client = server.connect()) {
      client.send(GET);
      assertThat(client.receive(false).headers()).containsEntry("content-length", "5242880");
      assertThat(client.rest()).hasSizeLessThanOrEqualTo(3 * MIB);
      assertThat(server.failure()).isInstanceOf(EngineException.class);
      assertThat(source.closed()).isEqualTo(3);
      assertThat(source.timesClosed()).isEqualTo(1);
    }
  }

  @Test
  void aSourceThatLiesAboutItsLengthNeverReachesTheClientBeyondIt() throws Exception {
    CountingSource source = new CountingSource(n -> memory(MIB));
    try (LoopbackServer server = new LoopbackServer(exchange -> streamed(MIB + 1, source));
        RawClient client = server.connect()) {
      client.send(GET).receive(false);
      assertThat(client.rest()).hasSizeLessThanOrEqualTo(MIB);
      assertThat(server.failure()).isInstanceOf(IllegalStateException.class);
      assertThat(source.closed()).isEqualTo(2);
    }
  }

  @Test
  void headGetsTheHeadOnly() throws Exception {
    CountingSource source = new CountingSource(n -> memory(MIB));
    List<Response> responses =
        List.of(
            LoopbackServer.text(200, "hello"),
            new Response(200, Headers.NONE, new ResponseBody.Absent(1L << 40)),
            streamed(1234, source),
            Response.empty(404, Headers.NONE));
    AtomicInteger next = new AtomicInteger();
    try (LoopbackServer server =
            new LoopbackServer(exchange -> responses.get(next.getAndIncrement()));
        RawClient client = server.connect()) {
      for (String length : List.of("5", "1099511627776", "1234", "0")) {
        Answer answer = client.send(HEAD).receive(false);
        assertThat(answer.headers()).containsEntry("content-length", length);
        assertThat(server.sent().bytes()).isZero();
      }
      assertThat(source.timesClosed()).isEqualTo(1);
      assertThat(source.given()).isZero();
    }
  }

  @Test
  void statusesWithoutABodyHaveNone() throws Exception {
    try (LoopbackServer server =
            new LoopbackServer(exchange ->
                LoopbackServer.text(exchange.head().path().equals("/304") ? 304 : 204, "no"));
        RawClient client = server.connect()) {
      for (String path : List.of("/204", "/304", "/204")) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        Answer answer = client.receive();
        assertThat(answer.status()).isEqualTo(Integer.parseInt(path.substring(1)));
        assertThat(answer.headers()).doesNotContainKeys("content-length", "transfer-encoding");
      }
    }
  }

  @Test
  void whatIsReadyInTimeIsAnOrdinaryAnswer() throws Exception {
    Response deferred =
        new Response(
            200, Headers.NONE, new ResponseBody.Deferred(() -> LoopbackServer.text(404, "<E/>")));
    try (LoopbackServer server = new LoopbackServer(exchange -> deferred);
        RawClient client = server.connect()) {
      Answer answer = client.send(GET).receive();
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.text()).isEqualTo("<E/>");
    }
  }

  @Test
  void whatTakesLongBeginsWithADeclarationAndBlanks() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Response deferred =
        new Response(
            200,
            Headers.NONE,
            new ResponseBody.Deferred(() -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return LoopbackServer.text(
                  200, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Done/>");
            }));
    try (LoopbackServer server = new LoopbackServer(exchange -> deferred);
        RawClient client = server.connect()) {
      client.send(GET);
      assertThat(client.receive(false).status()).isEqualTo(200);
      byte[] begin = client.exactly(39 + 6 + 6);
      assertThat(new String(begin, StandardCharsets.US_ASCII))
          .isEqualTo("27\r\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\r\n1\r\n \r\n");
      release.countDown();
      String rest = client.line() + client.line();
      while (rest.endsWith("1 ")) {
        rest = client.line() + client.line();
      }
      assertThat(rest).isEqualTo("7<Done/>");
      assertThat(client.line() + client.line()).isEqualTo("0");
      assertThat(server.sent().complete()).isTrue();
    }
  }

  @Test
  void lateFailuresBecomeADocumentInTheAnswerThatBegan() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Response deferred =
        new Response(
            200,
            Headers.NONE,
            new ResponseBody.Deferred(() -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              throw new EngineException(ErrorCode.INVALID_PART, "no");
            }));
    try (LoopbackServer server = new LoopbackServer(exchange -> deferred);
        RawClient client = server.connect()) {
      client.send(GET + GET);
      assertThat(client.receive(false).status()).isEqualTo(200);
      release.countDown();
      StringBuilder body = new StringBuilder();
      for (String size = client.line(); !size.equals("0"); size = client.line()) {
        body.append(new String(client.exactly(Integer.parseInt(size, 16)), StandardCharsets.UTF_8));
        client.line();
      }
      client.line();
      assertThat(body.toString().strip()).endsWith("EngineException");
      // The connection is whole: the second answer follows, at once now.
      assertThat(client.receive().text()).isEqualTo("EngineException");
    }
  }

  @Test
  void noFieldSmugglesALineIntoTheHead() throws Exception {
    LoopbackServer.Handler handler =
        exchange -> Response.empty(200, Headers.of("Content-Type", "a\r\nSet-Cookie: b"));
    try (LoopbackServer server = new LoopbackServer(handler);
        RawClient client = server.connect()) {
      Answer answer = client.send(GET).receive();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.headers()).doesNotContainKey("set-cookie");
    }
  }

  @Test
  void fieldsOutsideAsciiLeaveAsUtf8() throws IOException {
    io.netty.buffer.ByteBuf head =
        new ResponseHead(200)
            .field("x-amz-meta-a", "ü")
            .encode(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT, new byte[0]);
    assertThat(head.toString(StandardCharsets.UTF_8))
        .isEqualTo("HTTP/1.1 200 OK\r\nx-amz-meta-a: ü\r\n\r\n");
    head.release();
  }
}
