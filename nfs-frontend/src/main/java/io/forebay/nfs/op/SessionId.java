package io.forebay.nfs.op;

import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;

/** {@code sessionid4}: sixteen opaque bytes. */
public record SessionId(long high, long low) {
  static SessionId decode(XdrReader reader) {
    long high = reader.readLong();
    return new SessionId(high, reader.readLong());
  }

  void encode(XdrWriter writer) {
    writer.writeLong(high);
    writer.writeLong(low);
  }

  @Override
  public String toString() {
    return String.format("session %016x%016x", high, low);
  }
}
