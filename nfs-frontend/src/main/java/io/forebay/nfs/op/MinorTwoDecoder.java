package io.forebay.nfs.op;

import io.forebay.engine.ExtendedAttribute.Presence;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;

/** Reads the arguments of what minor version 2 adds (RFC 7862 section 15, RFC 8276 section 8.4). */
final class MinorTwoDecoder {
  private static final int MAX_NAME_BYTES = 64 << 10;

  /** Longer ones are answered XATTR2BIG as long as they come in a message. */
  private static final int MAX_VALUE_BYTES = 1 << 20;

  private static final int MAX_HINT_WORDS = 16;
  private static final int MAX_SERVERS = 64;
  private static final int MAX_ADDRESS_BYTES = 1024;

  private MinorTwoDecoder() {}

  static NfsOp arguments(OpCode code, XdrReader in) {
    return switch (code) {
      case ALLOCATE -> space(true, in);
      case DEALLOCATE -> space(false, in);
      case COPY -> copy(in);
      case CLONE ->
          new NfsOp.Clone(
              OpDecoder.stateId(in),
              OpDecoder.stateId(in),
              in.readLong(),
              in.readLong(),
              in.readLong());
      case SEEK -> new NfsOp.Seek(OpDecoder.stateId(in), in.readLong(), in.readInt());
      case READ_PLUS ->
          new NfsOp.ReadPlus(OpDecoder.stateId(in), in.readLong(), OpDecoder.clamped(in));
      case IO_ADVISE ->
          new NfsOp.IoAdvise(OpDecoder.stateId(in), in.readLong(), in.readLong(), hints(in));
      case GETXATTR -> new NfsOp.GetXattr(in.readOpaque(MAX_NAME_BYTES));
      case SETXATTR ->
          new NfsOp.SetXattr(
              presence(in), in.readOpaque(MAX_NAME_BYTES), in.readOpaque(MAX_VALUE_BYTES));
      case LISTXATTRS -> new NfsOp.ListXattrs(in.readLong(), OpDecoder.clamped(in));
      case REMOVEXATTR -> new NfsOp.RemoveXattr(in.readOpaque(MAX_NAME_BYTES));
      default -> throw new IllegalArgumentException(code + " is not of minor version 2");
    };
  }

  private static NfsOp space(boolean allocate, XdrReader in) {
    return new NfsOp.Space(allocate, OpDecoder.stateId(in), in.readLong(), in.readLong());
  }

  private static NfsOp copy(XdrReader in) {
    StateId source = OpDecoder.stateId(in);
    StateId target = OpDecoder.stateId(in);
    long sourceOffset = in.readLong();
    long targetOffset = in.readLong();
    long count = in.readLong();
    // Every copy here is both.
    boolean unusedConsecutive = in.readBool();
    boolean unusedSynchronous = in.readBool();
    int servers = in.readCount(MAX_SERVERS);
    for (int i = 0; i < servers; i++) {
      skipServer(in);
    }
    return new NfsOp.Copy(source, target, sourceOffset, targetOffset, count, servers);
  }

  /** {@code netloc4}. */
  private static void skipServer(XdrReader in) {
    switch (in.readInt()) {
      case 1, 2 -> {
        Opaque unusedName = in.readOpaque(MAX_ADDRESS_BYTES);
      }
      case 3 -> {
        Opaque unusedNetwork = in.readOpaque(MAX_ADDRESS_BYTES);
        Opaque unusedAddress = in.readOpaque(MAX_ADDRESS_BYTES);
      }
      default -> throw new XdrException("not a kind of location");
    }
  }

  private static int hints(XdrReader in) {
    int words = in.readCount(MAX_HINT_WORDS);
    int first = 0;
    for (int i = 0; i < words; i++) {
      int word = in.readInt();
      first = i == 0 ? word : first;
    }
    return first;
  }

  private static Presence presence(XdrReader in) {
    return switch (in.readInt()) {
      case 0 -> Presence.EITHER;
      case 1 -> Presence.NEW;
      case 2 -> Presence.PRESENT;
      default -> throw new XdrException("not a setxattr_option4");
    };
  }
}
