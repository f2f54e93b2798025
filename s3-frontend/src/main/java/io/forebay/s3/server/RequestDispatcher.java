package io.forebay.s3.server;

import io.forebay.ambient.TimeSource;
import io.forebay.s3.S3Config;
import io.forebay.s3.auth.Authenticated;
import io.forebay.s3.auth.Authenticator;
import io.forebay.s3.handler.ErrorAnswers;
import io.forebay.s3.handler.S3Executor;
import io.forebay.s3.http.Exchange;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.Sent;
import io.forebay.s3.op.RequestRouter;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Operation;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** Takes requests from the event loops and serves each on a virtual thread of its own. */
final class RequestDispatcher implements Consumer<Exchange> {
  /** What meters and logs call a request that came to no operation. */
  private static final String NO_OPERATION = "None";

  private static final String NO_KEY = "-";

  private final Authenticator authenticator;
  private final S3Executor executor;
  private final ErrorAnswers errors;
  private final Optional<String> virtualHostSuffix;
  private final RequestGate gate;
  private final RequestMeters meters;
  private final TimeSource time;
  private final Failures failures = new Failures();
  private final AccessLog accessLog = new AccessLog();
  private final ThreadFactory threads = Thread.ofVirtual().name("s3-request-", 0).factory();

  RequestDispatcher(
      S3Config config,
      Authenticator authenticator,
      S3Executor executor,
      ErrorAnswers errors,
      RequestGate gate,
      RequestMeters meters,
      TimeSource time) {
    this.authenticator = authenticator;
    this.executor = executor;
    this.errors = errors;
    this.virtualHostSuffix = config.virtualHostSuffix();
    this.gate = gate;
    this.meters = meters;
    this.time = time;
  }

  @Override
  public void accept(Exchange exchange) {
    long begun = time.monotonicNanos();
    threads.newThread(() -> new Service(exchange, begun).run()).start();
  }

  /** One request from its head to its line of log. */
  private final class Service {
    private final Exchange exchange;
    private final RequestHead head;
    private final long begun;
    private String operation = NO_OPERATION;
    private String key = NO_KEY;

    Service(Exchange exchange, long begun) {
      this.exchange = exchange;
      this.head = exchange.head();
      this.begun = begun;
    }

    void run() {
      boolean inside = gate.enter();
      Sent sent = new Sent(0, 0, false);
      try {
        sent = exchange.respond(inside ? answer() : refusal(), this::answerTo);
      } catch (RuntimeException | Error failure) {
        failures.brokeOff(failure, head, operation);
      } finally {
        exchange.close();
        if (inside) {
          gate.leave();
        }
        account(sent);
      }
    }

    private Response answer() {
      try {
        return execute();
      } catch (RuntimeException | Error failure) {
        return answerTo(failure);
      }
    }

    private Response execute() {
      if (exchange.defect().isPresent()) {
        throw exchange.defect().get();
      }
      Authenticated authenticated = authenticator.authenticate(head, exchange.body());
      key = authenticated.key().id();
      Resource resource = Resource.of(head, virtualHostSuffix);
      S3Operation routed = RequestRouter.route(head, resource);
      operation = routed.wireName();
      return executor.execute(
          routed, head, resource, authenticated.key().owner(), authenticated.body());
    }

    private Response refusal() {
      return errors.of(head, new S3Exception(S3Error.SLOW_DOWN));
    }

    private Response answerTo(Throwable failure) {
      return errors.of(head, failures.answerTo(failure, head, operation));
    }

    private void account(Sent sent) {
      long nanos = time.monotonicNanos() - begun;
      long received = exchange.receivedBytes();
      meters.count(operation, sent.status(), sent.complete(), received, sent.bytes(), nanos);
      accessLog.write(head, operation, key, sent, received, nanos);
    }
  }
}
