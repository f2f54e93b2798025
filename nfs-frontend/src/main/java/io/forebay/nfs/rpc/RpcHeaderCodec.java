package io.forebay.nfs.rpc;

import io.forebay.nfs.rpc.RpcReply.AuthStatus;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;
import java.util.ArrayList;
import java.util.List;

/** Reads call headers, writes reply headers (RFC 5531 section 9). */
public final class RpcHeaderCodec {
  private static final int CALL = 0;
  private static final int REPLY = 1;
  private static final int RPC_VERSION = 2;
  private static final int AUTH_NONE = 0;
  private static final int AUTH_SYS = 1;
  private static final int MAX_AUTH_BYTES = 400;
  private static final int MAX_MACHINE_NAME_BYTES = 255;
  private static final int MAX_GROUPS = 16;
  private static final int ACCEPTED = 0;
  private static final int DENIED = 1;

  private RpcHeaderCodec() {}

  /** Reads a message's header; for a {@link RpcMessage.Call}, the arguments come next. */
  public static RpcMessage decode(XdrReader reader) {
    if (reader.remaining() < 2 * Integer.BYTES) {
      return new RpcMessage.Ignored("a message without a header");
    }
    int xid = reader.readInt();
    int type = reader.readInt();
    if (type != CALL) {
      return new RpcMessage.Ignored(type == REPLY ? "a reply nobody waits for" : "not a call");
    }
    try {
      return decodeCall(xid, reader);
    } catch (XdrException malformed) {
      return new RpcMessage.Refused(new RpcReply.GarbageArguments(xid));
    }
  }

  private static RpcMessage decodeCall(int xid, XdrReader reader) {
    if (reader.readInt() != RPC_VERSION) {
      return new RpcMessage.Refused(new RpcReply.RpcMismatch(xid));
    }
    int program = reader.readInt();
    int version = reader.readInt();
    int procedure = reader.readInt();
    int flavor = reader.readInt();
    Opaque body;
    try {
      body = reader.readOpaque(MAX_AUTH_BYTES);
    } catch (XdrException tooLong) {
      return denied(xid, AuthStatus.BAD_CREDENTIAL);
    }
    try {
      int unusedFlavor = reader.readInt();
      Opaque unusedVerifier = reader.readOpaque(MAX_AUTH_BYTES);
    } catch (XdrException tooLong) {
      return denied(xid, AuthStatus.BAD_VERIFIER);
    }
    return switch (flavor) {
      case AUTH_NONE -> new RpcMessage.Call(xid, program, version, procedure, Credential.NONE);
      case AUTH_SYS -> {
        try {
          yield new RpcMessage.Call(xid, program, version, procedure, decodeSys(body));
        } catch (XdrException malformed) {
          yield denied(xid, AuthStatus.BAD_CREDENTIAL);
        }
      }
      default -> denied(xid, AuthStatus.REJECTED_CREDENTIAL);
    };
  }

  private static RpcMessage denied(int xid, AuthStatus status) {
    return new RpcMessage.Refused(new RpcReply.AuthenticationError(xid, status));
  }

  private static Credential decodeSys(Opaque body) {
    XdrReader reader = new XdrReader(body.asBuffer());
    int unusedStamp = reader.readInt();
    String machine = reader.readOpaque(MAX_MACHINE_NAME_BYTES).toText();
    int uid = reader.readInt();
    int gid = reader.readInt();
    int count = reader.readCount(MAX_GROUPS);
    List<Integer> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      groups.add(reader.readInt());
    }
    return new Credential.Sys(machine, uid, gid, groups);
  }

  /** Writes a reply's header; after {@link RpcReply.Success} the results are to follow. */
  public static void encode(RpcReply reply, XdrWriter writer) {
    writer.writeInt(reply.xid());
    writer.writeInt(REPLY);
    switch (reply) {
      case RpcReply.Success success -> accepted(writer, 0);
      case RpcReply.ProgramUnavailable unavailable -> accepted(writer, 1);
      case RpcReply.ProgramMismatch mismatch -> {
        accepted(writer, 2);
        writer.writeInt(mismatch.low());
        writer.writeInt(mismatch.high());
      }
      case RpcReply.ProcedureUnavailable unavailable -> accepted(writer, 3);
      case RpcReply.GarbageArguments garbage -> accepted(writer, 4);
      case RpcReply.SystemError error -> accepted(writer, 5);
      case RpcReply.RpcMismatch mismatch -> {
        writer.writeInt(DENIED);
        writer.writeInt(0);
        writer.writeInt(RPC_VERSION);
        writer.writeInt(RPC_VERSION);
      }
      case RpcReply.AuthenticationError error -> {
        writer.writeInt(DENIED);
        writer.writeInt(1);
        writer.writeInt(error.status().wire());
      }
    }
  }

  private static void accepted(XdrWriter writer, int status) {
    writer.writeInt(ACCEPTED);
    writer.writeInt(AUTH_NONE);
    writer.writeInt(0);
    writer.writeInt(status);
  }
}
