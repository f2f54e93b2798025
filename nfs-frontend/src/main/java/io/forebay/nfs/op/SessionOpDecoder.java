package io.forebay.nfs.op;

import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;

/** Reads the arguments that introduce a client: EXCHANGE_ID and CREATE_SESSION. */
final class SessionOpDecoder {
  private static final int MAX_OWNER_BYTES = 1024;
  private static final int MAX_NAME_BYTES = 1024;
  private static final int MAX_ALGORITHMS = 32;
  private static final int MAX_CALLBACK_FLAVORS = 8;
  private static final int MAX_GROUPS = 16;
  private static final int SP4_NONE = 0;
  private static final int SP4_MACH_CRED = 1;
  private static final int SP4_SSV = 2;
  private static final int AUTH_NONE = 0;
  private static final int AUTH_SYS = 1;
  private static final int RPCSEC_GSS = 6;

  private SessionOpDecoder() {}

  static NfsOp exchangeId(XdrReader in) {
    long verifier = in.readLong();
    Opaque owner = in.readOpaque(MAX_OWNER_BYTES);
    int flags = in.readInt();
    int protection = in.readInt();
    skipProtection(in, protection);
    int implementations = in.readCount(1);
    for (int i = 0; i < implementations; i++) {
      Opaque unusedDomain = in.readOpaque(MAX_NAME_BYTES);
      Opaque unusedName = in.readOpaque(MAX_NAME_BYTES);
      long unusedSeconds = in.readLong();
      int unusedNanos = in.readInt();
    }
    return new NfsOp.ExchangeId(verifier, owner, flags, protection);
  }

  private static void skipProtection(XdrReader in, int protection) {
    switch (protection) {
      case SP4_NONE -> {}
      case SP4_MACH_CRED -> skipOperations(in);
      case SP4_SSV -> {
        skipOperations(in);
        skipAlgorithms(in);
        skipAlgorithms(in);
        int unusedWindow = in.readInt();
        int unusedHandles = in.readInt();
      }
      default -> throw new XdrException("not a state protection");
    }
  }

  private static void skipOperations(XdrReader in) {
    AttributeBitmap unusedEnforced = AttributeBitmap.decode(in);
    AttributeBitmap unusedAllowed = AttributeBitmap.decode(in);
  }

  private static void skipAlgorithms(XdrReader in) {
    int count = in.readCount(MAX_ALGORITHMS);
    for (int i = 0; i < count; i++) {
      Opaque unusedOid = in.readOpaque(MAX_NAME_BYTES);
    }
  }

  static NfsOp createSession(XdrReader in) {
    long clientId = in.readLong();
    int sequence = in.readInt();
    int flags = in.readInt();
    ChannelAttributes fore = ChannelAttributes.decode(in);
    ChannelAttributes back = ChannelAttributes.decode(in);
    int program = in.readInt();
    callbackSecurity(in);
    return new NfsOp.CreateSession(clientId, sequence, flags, fore, back, program);
  }

  /** {@code callback_sec_parms4<>}: checked for form; callbacks are not made yet. */
  static void callbackSecurity(XdrReader in) {
    int count = in.readCount(MAX_CALLBACK_FLAVORS);
    for (int i = 0; i < count; i++) {
      switch (in.readInt()) {
        case AUTH_NONE -> {}
        case AUTH_SYS -> {
          int unusedStamp = in.readInt();
          Opaque unusedMachine = in.readOpaque(MAX_NAME_BYTES);
          int unusedUid = in.readInt();
          int unusedGid = in.readInt();
          int groups = in.readCount(MAX_GROUPS);
          for (int g = 0; g < groups; g++) {
            int unusedGroup = in.readInt();
          }
        }
        case RPCSEC_GSS -> {
          int unusedService = in.readInt();
          Opaque unusedServerHandle = in.readOpaque(MAX_NAME_BYTES);
          Opaque unusedClientHandle = in.readOpaque(MAX_NAME_BYTES);
        }
        default -> throw new XdrException("not a callback flavor");
      }
    }
  }
}
