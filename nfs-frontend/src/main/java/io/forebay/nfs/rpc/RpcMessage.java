package io.forebay.nfs.rpc;

/** What a record from a client is. */
public sealed interface RpcMessage {
  /**
   * A call that is well-formed as RPC; its arguments follow in the reader.
   *
   * @param xid the client's number for it
   */
  record Call(int xid, int program, int version, int procedure, Credential credential)
      implements RpcMessage {}

  /** A call that is refused before its program is looked at. */
  record Refused(RpcReply reply) implements RpcMessage {}

  /** Not a call: a reply to a callback nobody made, or too short for an answer. Dropped. */
  record Ignored(String reason) implements RpcMessage {}
}
