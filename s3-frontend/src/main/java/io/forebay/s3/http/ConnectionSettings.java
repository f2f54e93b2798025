package io.forebay.s3.http;

import io.forebay.ambient.TimeSource;
import io.forebay.s3.S3Limits;
import java.util.function.Consumer;

/**
 * What connections have in common.
 *
 * @param exchanges takes each request, on the event loop: must hand it to another thread
 */
public record ConnectionSettings(
    S3Limits limits, TimeSource time, RequestIds ids, Consumer<Exchange> exchanges) {}
