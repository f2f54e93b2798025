package io.forebay.nfs;

import io.forebay.engine.FileSystem;

/**
 * Bounds of everything a client can make grow.
 *
 * @param maxConnections TCP connections at once; more are closed at once
 * @param maxInFlightPerConnection requests of one connection being worked on or not yet sent; at
 *     the bound the connection is not read
 * @param maxInFlight the same for all connections together
 * @param maxTransferBytes the longest READ and WRITE: 64 KiB to 4 MiB
 * @param maxSlots slots of a session: 1 to 1,024
 * @param maxCachedReplyBytes the longest reply kept for a retry, for each slot
 * @param maxOperations operations of one COMPOUND
 * @param maxClients clients known at once
 * @param maxSessionsPerClient sessions of one client
 * @param maxOpensPerClient opens, and as many lock states, of one client
 */
public record NfsLimits(
    int maxConnections,
    int maxInFlightPerConnection,
    int maxInFlight,
    int maxTransferBytes,
    int maxSlots,
    int maxCachedReplyBytes,
    int maxOperations,
    int maxClients,
    int maxSessionsPerClient,
    int maxOpensPerClient) {
  /** What suits one gateway with a few hundred clients and 512 MiB of heap. */
  public static final NfsLimits DEFAULT =
      new NfsLimits(4096, 64, 256, 1 << 20, 64, 4 << 10, 64, 4096, 64, 1 << 17);

  /** Room for headers beside the bytes of a READ or WRITE. */
  private static final int HEADER_SLACK_BYTES = 16 << 10;

  public NfsLimits {
    require(maxConnections >= 1, "maxConnections");
    require(maxInFlightPerConnection >= 1, "maxInFlightPerConnection");
    require(maxInFlight >= 1, "maxInFlight");
    require(
        maxTransferBytes >= 64 << 10 && maxTransferBytes <= FileSystem.MAX_TRANSFER,
        "maxTransferBytes");
    require(maxSlots >= 1 && maxSlots <= 1024, "maxSlots");
    require(maxCachedReplyBytes >= 1 << 10 && maxCachedReplyBytes <= 64 << 10, "cached replies");
    require(maxOperations >= 8 && maxOperations <= 256, "maxOperations");
    require(maxClients >= 1, "maxClients");
    require(maxSessionsPerClient >= 1, "maxSessionsPerClient");
    require(maxOpensPerClient >= 1, "maxOpensPerClient");
  }

  private static void require(boolean holds, String name) {
    if (!holds) {
      throw new IllegalArgumentException("limit out of range: " + name);
    }
  }

  /** The longest request and response of a session, in bytes of RPC message. */
  public int maxMessageBytes() {
    return maxTransferBytes + HEADER_SLACK_BYTES;
  }

  /**
   * The longest record that is read at all: above it framing is given up. Twice the longest
   * message, so that a client that is only a little wrong gets an answer.
   */
  public int maxRecordBytes() {
    return 2 * maxMessageBytes();
  }
}
