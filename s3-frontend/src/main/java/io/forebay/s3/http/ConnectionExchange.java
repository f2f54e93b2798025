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
    if (parsed.expectsContinue() && !body.isComplete()) {
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

  /** Whether what the client has yet to send, or decides not to, leaves the framing intact. */
  private boolean isRestOfBodyBearable() {
    long rest = body.outstandingBytes();
    if (rest == 0) {
      return true;
    }
    boolean uncertain = parsed.expectsContinue() && !continued;
    return !uncertain && rest > 0 && rest <= connection.settings().limits().maxDrainBytes();
  }

  @Override
  public void close() {
    body.close();
    connection.onLoop(() -> connection.abandoned(this));
  }
}
