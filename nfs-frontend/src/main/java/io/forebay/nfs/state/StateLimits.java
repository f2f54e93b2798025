package io.forebay.nfs.state;

/**
 * Bounds of what clients can make grow. At a bound the answer is NFS4ERR_DELAY: version 4.1 has no
 * status for it (RFC 8881 section 15.1.10 takes NFS4ERR_RESOURCE out), and what a client gives up
 * makes room.
 *
 * @param maxOpensPerClient open states of one client
 * @param maxLockStatesPerClient lock states of one client
 * @param maxRangesPerClient locked ranges of one client, all files together
 * @param maxRangesPerFile locked ranges of one file, all clients together
 */
public record StateLimits(
    int maxOpensPerClient,
    int maxLockStatesPerClient,
    int maxRangesPerClient,
    int maxRangesPerFile) {
  public StateLimits {
    if (maxOpensPerClient < 1
        || maxLockStatesPerClient < 1
        || maxRangesPerClient < 1
        || maxRangesPerFile < 1) {
      throw new IllegalArgumentException("a limit on state is at least 1");
    }
  }

  /** Everything a multiple of the number of opens. */
  public static StateLimits forOpens(int maxOpensPerClient) {
    return new StateLimits(maxOpensPerClient, maxOpensPerClient, maxOpensPerClient, 1 << 16);
  }
}
