package io.forebay.s3.http;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends one answer, on the request's thread. */
final class ResponseSender {
  private static final byte[] NOTHING = {};

  private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

  private final Channel channel;
  private final RequestHead request;
  private final boolean http10;
  private final boolean keepAlive;
  private final TimeSource time;
  private final String hostId;
  private final long patienceMillis;
  private final Runnable sent;
  private final OutboundWriter writer;
  private final PayloadMessages messages;
  private final AtomicLong bodyBytes = new AtomicLong();

  /**
   * For one request.
   *
   * @param keepAlive whether the connection stays; told to the client
   * @param sent runs on the event loop when all has left that keeps the connection whole
   */
  ResponseSender(
      Channel channel,
      RequestHead request,
      boolean http10,
      boolean keepAlive,
      ConnectionSettings settings,
      Runnable sent) {
    this.channel = channel;
    this.request = request;
    this.http10 = http10;
    this.keepAlive = keepAlive;
    this.time = settings.time();
    this.hostId = settings.ids().hostId();
    this.patienceMillis = settings.patience().toMillis();
    this.sent = sent;
    this.writer = new OutboundWriter(channel);
    this.messages = new PayloadMessages(channel.alloc(), !request.secure());
  }

  Sent send(Response response, Function<Throwable, Response> failures) {
    try {
      return sendAny(response, failures);
    } catch (MalformedRequestException unspeakable) {
      // A head that cannot be written: nothing has left.
      return sendAny(failures.apply(unspeakable), failures);
    } finally {
      writer.awaitAll();
      response.discard();
    }
  }

  private Sent sendAny(Response response, Function<Throwable, Response> failures) {
    boolean bodiless =
        request.method().equals("HEAD") || response.status() == 204 || response.status() == 304;
    return switch (response.body()) {
      case ResponseBody.Empty() -> sendBytes(response, NOTHING, 0, bodiless);
      case ResponseBody.Absent(long length) -> sendBytes(response, NOTHING, length, true);
      case ResponseBody.Bytes(byte[] bytes) -> sendBytes(response, bytes, bytes.length, bodiless);
      case ResponseBody.Streamed(long length, PayloadSource source) -> {
        if (bodiless || length == 0) {
          yield sendBytes(response, NOTHING, length, bodiless);
        }
        yield sendStream(response, length, source, failures);
      }
      case ResponseBody.Deferred(Supplier<Response> work) -> sendDeferred(response, work, failures);
    };
  }

  private Sent sendBytes(Response response, byte[] bytes, long length, boolean bodiless) {
    ResponseHead head = head(response.status(), response.headers());
    if (response.status() != 204 && response.status() != 304) {
      head.field("Content-Length", Long.toString(length));
    }
    byte[] body = bodiless ? NOTHING : bytes;
    writer.write(
        List.of(head.encode(channel.alloc(), body)), success -> settle(success, body.length, true));
    return outcome(response.status());
  }

  private Sent sendStream(
      Response response,
      long length,
      PayloadSource source,
      Function<Throwable, Response> failures) {
    ResponseHead head =
        head(response.status(), response.headers()).field("Content-Length", Long.toString(length));
    Payload first;
    List<Object> batch;
    try {
      first = next(source, length);
      batch = messagesOf(first);
    } catch (RuntimeException failure) {
      // Nothing has left: the client hears why.
      return sendAny(failures.apply(failure), failures);
    }
    batch.addFirst(head.encode(channel.alloc(), NOTHING));
    long left = length - first.length();
    write(batch, first, left == 0);
    while (left > 0) {
      writer.awaitRoom();
      Payload payload = next(source, left);
      left -= payload.length();
      write(messagesOf(payload), payload, left == 0);
    }
    return outcome(response.status());
  }

  private static Payload next(PayloadSource source, long left) {
    Payload payload = source.next();
    if (payload.length() < 1 || payload.length() > left) {
      payload.close();
      throw new IllegalStateException("a source of payloads does not keep to its length");
    }
    return payload;
  }

  private List<Object> messagesOf(Payload payload) {
    try {
      return messages.of(payload);
    } catch (RuntimeException | Error failure) {
      payload.close();
      throw failure;
    }
  }

  private void write(List<Object> batch, Payload payload, boolean last) {
    int length = payload.length();
    writer.write(
        batch,
        success -> {
          payload.close();
          settle(success, length, last);
        });
  }

  private void settle(boolean success, int length, boolean last) {
    if (success) {
      bodyBytes.addAndGet(length);
      if (last) {
        sent.run();
      }
    }
  }

  private Sent sendDeferred(
      Response response, Supplier<Response> work, Function<Throwable, Response> failures) {
    FutureTask<Response> task = new FutureTask<>(work::get);
    Thread.ofVirtual().name("s3-deferred-" + request.id()).start(task);
    Response result = await(task, failures);
    while (result == null && http10) {
      // No way to begin an answer whose length is not known and keep the connection.
      result = await(task, failures);
    }
    if (result != null) {
      return sendAny(result, failures);
    }
    ResponseHead head =
        head(200, response.headers())
            .field("Content-Type", "application/xml")
            .field("Transfer-Encoding", "chunked");
    writer.write(
        List.of(
            head.encode(channel.alloc(), NOTHING),
            chunk(DECLARATION.getBytes(StandardCharsets.UTF_8))),
        success -> {});
    while (result == null) {
      result = await(task, failures);
      if (result == null && !writer.hasFailed()) {
        writer.write(List.of(chunk(new byte[] {' '})), success -> {});
      }
    }
    byte[] document = withoutDeclaration(result);
    writer.write(
        List.of(chunk(document), Unpooled.copiedBuffer("0\r\n\r\n", StandardCharsets.US_ASCII)),
        success -> settle(success, document.length, true));
    return outcome(200);
  }

  /** The result, or what its failure is answered with; null when it takes longer. */
  private @Nullable Response await(
      FutureTask<Response> task, Function<Throwable, Response> failures) {
    try {
      return task.get(patienceMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillAtWork) {
      return null;
    } catch (InterruptedException stray) {
      // The interrupt is taken: nobody interrupts requests, and the work goes on.
      return null;
    } catch (ExecutionException e) {
      return failures.apply(Optional.ofNullable(e.getCause()).orElse(e));
    }
  }

  private static byte[] withoutDeclaration(Response result) {
    String text =
        result.body() instanceof ResponseBody.Bytes(byte[] bytes)
            ? new String(bytes, StandardCharsets.UTF_8)
            : "";
    int end = text.startsWith("<?xml") ? text.indexOf("?>") + 2 : 0;
    return text.substring(end).stripLeading().getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuf chunk(byte[] bytes) {
    byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] end = {'\r', '\n'};
    return bytes.length == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(size, bytes, end);
  }

  private ResponseHead head(int status, Headers headers) {
    long seconds = Math.floorDiv(time.epochNanos(), TimeUnit.SECONDS.toNanos(1));
    ResponseHead head =
        new ResponseHead(status)
            .field("x-amz-request-id", request.id())
            .field("x-amz-id-2", hostId)
            .field("Date", HttpDate.format(seconds))
            .field("Server", "Forebay")
            .fields(headers);
    if (!keepAlive) {
      head.field("Connection", "close");
    } else if (http10) {
      head.field("Connection", "keep-alive");
    }
    return head;
  }

  private Sent outcome(int status) {
    writer.awaitAll();
    return new Sent(status, bodyBytes.get(), !writer.hasFailed());
  }
}
