package io.forebay.s3.server;

import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Sent;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line a request, under a name of its own: at INFO what the server failed at, at DEBUG all
 * others. Neither parameters nor header values: they may be secrets.
 */
final class AccessLog {
  private static final Logger log = LoggerFactory.getLogger("io.forebay.s3.access");

  /**
   * Writes the line.
   *
   * @param key the access key's id, or "-"
   */
  void write(RequestHead head, String operation, String key, Sent sent, long received, long nanos) {
    log.atLevel(sent.status() >= 500 ? Level.INFO : Level.DEBUG)
        .setMessage("served")
        .addKeyValue("client", head.remote().getHostString())
        .addKeyValue("key", key)
        .addKeyValue("operation", operation)
        .addKeyValue("path", head.rawPath())
        .addKeyValue("status", sent.status())
        .addKeyValue("complete", sent.complete())
        .addKeyValue("received", received)
        .addKeyValue("sent", sent.bytes())
        .addKeyValue("micros", TimeUnit.NANOSECONDS.toMicros(nanos))
        .addKeyValue("id", head.id())
        .log();
  }
}
