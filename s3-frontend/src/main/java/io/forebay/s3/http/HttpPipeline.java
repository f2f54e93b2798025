package io.forebay.s3.http;

import io.netty.channel.Channel;

/** What a channel needs to speak HTTP. */
public final class HttpPipeline {
  /** What connections are told from outside, as user events. */
  public enum Event {
    /** Finish the current request, and take no further. */
    DRAIN
  }

  private HttpPipeline() {}

  /**
   * Adds the handlers.
   *
   * @param secure whether the channel encrypts
   */
  public static void install(Channel channel, ConnectionSettings settings, boolean secure) {
    StrictRequestDecoder decoder = new StrictRequestDecoder(settings.limits());
    channel
        .pipeline()
        .addLast("decoder", decoder)
        .addLast("connection", new HttpConnection(channel, settings, secure, decoder));
  }
}
