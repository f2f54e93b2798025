package io.forebay.nfs.rpc;

/** How a call ended, for RPC (RFC 5531 section 9). */
public sealed interface RpcReply {
  int xid();

  /** SUCCESS; the results follow. */
  record Success(int xid) implements RpcReply {}

  /** PROG_UNAVAIL. */
  record ProgramUnavailable(int xid) implements RpcReply {}

  /** PROG_MISMATCH, with the versions there are. */
  record ProgramMismatch(int xid, int low, int high) implements RpcReply {}

  /** PROC_UNAVAIL. */
  record ProcedureUnavailable(int xid) implements RpcReply {}

  /** GARBAGE_ARGS. */
  record GarbageArguments(int xid) implements RpcReply {}

  /** SYSTEM_ERR. */
  record SystemError(int xid) implements RpcReply {}

  /** RPC_MISMATCH: only version 2 is spoken. */
  record RpcMismatch(int xid) implements RpcReply {}

  /** AUTH_ERROR. */
  record AuthenticationError(int xid, AuthStatus status) implements RpcReply {}

  /** {@code auth_stat}, as far as this server says it. */
  enum AuthStatus {
    BAD_CREDENTIAL(1),
    REJECTED_CREDENTIAL(2),
    BAD_VERIFIER(3),
    TOO_WEAK(5);

    private final int wire;

    AuthStatus(int wire) {
      this.wire = wire;
    }

    int wire() {
      return wire;
    }
  }
}
