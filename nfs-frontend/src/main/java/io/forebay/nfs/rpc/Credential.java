package io.forebay.nfs.rpc;

import java.util.List;

/** Who a call says it is from (RFC 5531 section 8.2 and appendix A). */
public sealed interface Credential {
  /** AUTH_NONE. */
  record None() implements Credential {}

  /**
   * AUTH_SYS: believed, within what the export's client rules allow.
   *
   * @param machine the client's name for itself; for people
   * @param uid unsigned
   * @param gid unsigned
   * @param groups at most 16
   */
  record Sys(String machine, int uid, int gid, List<Integer> groups) implements Credential {
    public Sys {
      groups = List.copyOf(groups);
    }
  }

  Credential NONE = new None();
}
