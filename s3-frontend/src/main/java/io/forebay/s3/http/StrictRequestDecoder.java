package io.forebay.s3.http;

import io.forebay.s3.S3Limits;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Netty's decoder within our bounds; refuses what two parties may frame differently. */
final class StrictRequestDecoder extends HttpRequestDecoder {
  /** Content is passed on in pieces of what one read brought, at most. */
  private static final int MAX_CONTENT_BYTES = 1 << 20;

  private boolean sawInput;

  StrictRequestDecoder(S3Limits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.maxLineBytes())
            .setMaxHeaderSize(limits.maxHeadBytes())
            .setMaxChunkSize(MAX_CONTENT_BYTES)
            .setAllowDuplicateContentLengths(false));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    sawInput = true;
    super.channelRead(context, message);
  }

  /** Whether anything came since the last call. */
  boolean takeSawInput() {
    boolean saw = sawInput;
    sawInput = false;
    return saw;
  }

  /** RFC 9112 section 6.1: such a message may be an attempt of request smuggling. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }
}
