package io.forebay.nfs.op;

import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;

/**
 * {@code channel_attrs4}: what a session's channel carries (RFC 8881 section 18.36). All unsigned;
 * values above 2^31-1 are read as 2^31-1, as everything here is bounded far below.
 */
public record ChannelAttributes(
    int headerPadBytes,
    int maxRequestBytes,
    int maxResponseBytes,
    int maxCachedResponseBytes,
    int maxOperations,
    int maxRequests) {

  static ChannelAttributes decode(XdrReader reader) {
    int headerPad = clamped(reader);
    int maxRequest = clamped(reader);
    int maxResponse = clamped(reader);
    int maxCached = clamped(reader);
    int maxOperations = clamped(reader);
    int maxRequests = clamped(reader);
    int rdmaCount = reader.readCount(1);
    for (int i = 0; i < rdmaCount; i++) {
      int unusedReadDepth = reader.readInt();
    }
    return new ChannelAttributes(
        headerPad, maxRequest, maxResponse, maxCached, maxOperations, maxRequests);
  }

  void encode(XdrWriter writer) {
    writer.writeInt(headerPadBytes);
    writer.writeInt(maxRequestBytes);
    writer.writeInt(maxResponseBytes);
    writer.writeInt(maxCachedResponseBytes);
    writer.writeInt(maxOperations);
    writer.writeInt(maxRequests);
    writer.writeInt(0);
  }

  private static int clamped(XdrReader reader) {
    return (int) Math.min(reader.readUnsignedInt(), Integer.MAX_VALUE);
  }
}
