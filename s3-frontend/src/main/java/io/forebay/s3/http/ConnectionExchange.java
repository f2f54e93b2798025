package io.forebay.s3.http;

import java.util.Optional;
import java.util.function.Function;

/** A request of a connection. Used by the request's thread; the connection looks on. */
final class ConnectionExchange implements Exchange, QueuedBody.Listener {
  private final HttpConnection connection;
  private final ParsedRequest parsed;
  private final QueuedBody body;
  private boolean continued;

  /** Decided, and told to the client, before the first byte of the answer leaves. */
  private volatile boolean keepsConnection;

  ConnectionExchange(HttpConnection connection, ParsedRequest parsed) {
    this.connection = connection;
    this.parsed = parsed;
    this.body = new QueuedBody(parsed.head().contentLength(), connection.settings().time(), this);
  }

  @Override
  public RequestHead head() {
    return parsed.head();
  }

  @Override
  public Optional<MalformedRequestException> defect() {
    return parsed.defect();
  }

  @Override
  public RequestBody body() {
    return body;
  }

  @Override
  public long receivedBytes() {
    return body.receivedBytes();
  }

  QueuedBody queuedBody() {
    return body;
  }

  boolean keepsConnection() {
    return keepsConnection;
  }

  @Override
  public void wanted() {
    continued = true;
    // Even for an empty body: botocore takes no answer well that 100 did not precede.
    if (parsed.expectsContinue()) {
      connection.onLoop(() -> connection.sendContinue(this));
    }
  }

  @Override
  public void taken() {
    connection.bodyTaken(body);
  }

  @Override
  public Sent respond(Response response, Function<Throwable, Response> failures) {
    keepsConnection = parsed.keepAlive() && !connection.isEnding() && isRestOfBodyBearable();
    ResponseSender sender =
        new ResponseSender(
            connection.channel(),
            parsed.head(),
            parsed.http10(),
            keepsConnection,
            connection.settings(),
            () -> connection.finished(this));
    return sender.send(response, failures);
  }

  /**
   * Whether what the client has yet to send leaves the framing intact. Who expects 100 and hears of
   * something else may send the body or not.
   */
  private boolean isRestOfBodyBearable() {
    if (parsed.expectsContinue() && !continued) {
      return false;
    }
    long rest = body.outstandingBytes();
    return rest >= 0 && rest <= connection.settings().limits().maxDrainBytes();
  }

  @Override
  public void close() {
    body.close();
    connection.onLoop(() -> connection.abandoned(this));
  }
}
