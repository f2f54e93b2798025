package io.forebay.nfs.server;

import io.netty.buffer.ByteBuf;

/** A whole record and the memory that was reserved for it. Its holder closes it, once. */
final class ReceivedRecord implements AutoCloseable {
  private final ByteBuf bytes;
  private final RequestMemory memory;
  private final int reserved;

  ReceivedRecord(ByteBuf bytes, RequestMemory memory, int reserved) {
    this.bytes = bytes;
    this.memory = memory;
    this.reserved = reserved;
  }

  /** Contiguous; valid until the record is closed. */
  ByteBuf bytes() {
    return bytes;
  }

  @Override
  public void close() {
    bytes.release();
    if (reserved > 0) {
      memory.release(reserved);
    }
  }
}
