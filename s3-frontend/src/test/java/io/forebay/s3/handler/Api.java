package io.forebay.s3.handler;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.Durability;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectView;
import io.forebay.engine.Payload;
import io.forebay.engine.assembly.Engine;
import io.forebay.engine.assembly.EngineConfig;
import io.forebay.engine.assembly.EngineWiring;
import io.forebay.s3.S3Config;
import io.forebay.s3.S3Limits;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.ResponseBody;
import io.forebay.s3.op.Heads;
import io.forebay.s3.op.RequestRouter;
import io.forebay.s3.op.S3Exception;
import io.forebay.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/** Everything behind the socket, on a real engine whose clock stands still. */
final class Api implements AutoCloseable {
  static final String REGION = "us-east-1";
  static final Caller USER = Caller.of(1000, 100);

  final ManualClock clock = new ManualClock();
  private final Engine engine;
  private final S3Executor executor;
  private final ErrorAnswers errors = new ErrorAnswers("host");
  private Caller caller = USER;

  /** An answer as it would leave. */
  record Answer(int status, Headers headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    String header(String name) {
      return headers.first(name).orElse("");
    }
  }

  Api(Path directory) {
    EngineConfig config =
        EngineConfig.defaults(directory.resolve("data"), directory.resolve("bucket").toUri());
    this.engine = EngineWiring.open(config, clock, new Random(1), new SimpleMeterRegistry());
    // The volume's root belongs to the superuser; everyone may make buckets in it here.
    FileSystem files = engine.fileSystem(Durability.LOCAL);
    files.setAttributes(Caller.ROOT, InodeId.ROOT, AttributeChanges.mode(0777));
    this.executor =
        new S3Executor(
            new S3Config(
                new InetSocketAddress("127.0.0.1", 0), REGION, Optional.empty(), S3Limits.DEFAULT),
            objects());
  }

  ObjectView objects() {
    return engine.objects(Durability.LOCAL);
  }

  FileSystem files() {
    return engine.fileSystem(Durability.LOCAL);
  }

  /** On whose behalf the next requests are. */
  void as(Caller other) {
    caller = other;
  }

  Answer send(String method, String target, String... headers) {
    return sendBytes(method, target, new byte[0], headers);
  }

  Answer sendText(String method, String target, String body, String... headers) {
    return sendBytes(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Answer sendBytes(String method, String target, byte[] body, String... headers) {
    return send(
        Heads.of(method, target, body.length, Headers.of(headers).with("Host", "s3.test")),
        new TestBody(body));
  }

  Answer send(RequestHead head, TestBody body) {
    try {
      return sent(answer(head, body));
    } catch (S3Exception e) {
      return sent(errors.of(head, e));
    } finally {
      body.close();
    }
  }

  private Response answer(RequestHead head, TestBody body) {
    Resource resource = Resource.of(head, Optional.empty());
    Response answer =
        executor.execute(RequestRouter.route(head, resource), head, resource, caller, body);
    return answer.body() instanceof ResponseBody.Deferred deferred ? deferred.work().get() : answer;
  }

  private static Answer sent(Response response) {
    byte[] body =
        switch (response.body()) {
          case ResponseBody.Empty() -> new byte[0];
          case ResponseBody.Absent(long length) -> new byte[0];
          case ResponseBody.Bytes(byte[] bytes) -> bytes;
          case ResponseBody.Streamed streamed -> pulled(streamed);
          case ResponseBody.Deferred deferred -> throw new AssertionError("deferred twice");
        };
    Headers headers =
        response.body() instanceof ResponseBody.Absent(long length)
            ? response.headers().with("Content-Length", Long.toString(length))
            : response.headers();
    return new Answer(response.status(), headers, body);
  }

  private static byte[] pulled(ResponseBody.Streamed streamed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var source = streamed.source()) {
      while (out.size() < streamed.length()) {
        try (Payload payload = source.next()) {
          out.writeBytes(payload.toBytes());
        }
      }
    }
    if (out.size() != streamed.length()) {
      throw new AssertionError("promised " + streamed.length() + ", sent " + out.size());
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    engine.close();
  }
}
