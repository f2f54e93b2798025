package io.forebay.s3.http;

import io.forebay.ambient.TimeSource;
import io.forebay.s3.S3Limits;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What connections have in common.
 *
 * @param patience how long a {@link ResponseBody.Deferred} may take before its head leaves, and
 *     from blank to blank then
 * @param exchanges takes each request, on the event loop: must hand it to another thread
 */
public record ConnectionSettings(
    S3Limits limits,
    TimeSource time,
    RequestIds ids,
    Duration patience,
    Consumer<Exchange> exchanges) {
  public static final Duration PATIENCE = Duration.ofSeconds(10);
}
