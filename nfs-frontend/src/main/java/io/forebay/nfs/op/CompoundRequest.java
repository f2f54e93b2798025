package io.forebay.nfs.op;

import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;
import java.util.ArrayList;
import java.util.List;

/**
 * COMPOUND4args (RFC 8881 section 16.2).
 *
 * @param tag echoed
 * @param minorVersion unsigned
 * @param count how many operations the client says there are, unsigned, clamped to 2^31-1
 * @param operations those that were read: all, or up to the first that is illegal, malformed or
 *     unsupported (none after it can run), or up to the decoding bound
 */
public record CompoundRequest(Opaque tag, int minorVersion, int count, List<NfsOp> operations) {
  private static final int MAX_TAG_BYTES = 1024;

  public CompoundRequest {
    operations = List.copyOf(operations);
  }

  /**
   * Reads a request. Operations of another minor version are not read.
   *
   * @param maxOperations the most that are read
   * @throws XdrException when the head is not XDR; malformed operations are {@link NfsOp.Malformed}
   */
  public static CompoundRequest decode(XdrReader reader, int maxOperations) {
    Opaque tag = reader.readOpaque(MAX_TAG_BYTES);
    int minorVersion = reader.readInt();
    int count = (int) Math.min(reader.readUnsignedInt(), Integer.MAX_VALUE);
    List<NfsOp> operations = new ArrayList<>();
    if (isServed(minorVersion)) {
      for (int i = 0; i < Math.min(count, maxOperations); i++) {
        NfsOp operation = OpDecoder.decode(reader, minorVersion);
        operations.add(operation);
        if (isLast(operation)) {
          break;
        }
      }
    }
    return new CompoundRequest(tag, minorVersion, count, operations);
  }

  /** Minor version 0 has no sessions, and is another protocol. */
  public static boolean isServed(int minorVersion) {
    return minorVersion == 1 || minorVersion == 2;
  }

  private static boolean isLast(NfsOp operation) {
    return operation instanceof NfsOp.Illegal
        || operation instanceof NfsOp.Malformed
        || operation instanceof NfsOp.Unsupported;
  }
}
