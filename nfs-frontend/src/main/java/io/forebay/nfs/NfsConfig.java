package io.forebay.nfs;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the NFS server serves, and to whom.
 *
 * @param bind where to listen; port 0 takes any free one
 * @param lease how long a silent client keeps what it holds, whole seconds, 1 s to 1 h
 * @param grace how long clients may reclaim after a restart, 0 to 1 h; at least the lease keeps
 *     every client's promise
 * @param exports at least one; paths differ
 * @param limits bounds of everything a client can make grow
 */
public record NfsConfig(
    InetSocketAddress bind,
    Duration lease,
    Duration grace,
    List<Export> exports,
    NfsLimits limits) {
  private static final Duration LONGEST = Duration.ofHours(1);

  public NfsConfig {
    exports = List.copyOf(exports);
    require(!exports.isEmpty(), "there is nothing to export");
    require(
        lease.compareTo(Duration.ofSeconds(1)) >= 0
            && lease.compareTo(LONGEST) <= 0
            && lease.getNano() == 0,
        "a lease is 1 s to 1 h, in whole seconds");
    require(
        !grace.isNegative() && grace.compareTo(LONGEST) <= 0, "a grace period is 0 s to 1 h long");
    Set<String> paths = new HashSet<>();
    for (Export export : exports) {
      require(paths.add(export.path()), "two exports have the path " + export.path());
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
