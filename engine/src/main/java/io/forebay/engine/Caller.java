package io.forebay.engine;

import java.util.Set;

/**
 * On whose behalf an operation runs. Ids are unsigned 32-bit numbers kept in an {@code int}.
 *
 * @param uid the user; 0 passes every permission check
 * @param gid the primary group, and the group of what this caller creates (unless the directory has
 *     its set-group-id bit)
 * @param groups the supplementary groups; {@link #gid} need not be among them
 */
public record Caller(int uid, int gid, Set<Integer> groups) {
  /** The superuser: for the gateway's own work, never a default for a client. */
  public static final Caller ROOT = new Caller(0, 0, Set.of());

  public Caller {
    groups = Set.copyOf(groups);
  }

  /** A caller without supplementary groups. */
  public static Caller of(int uid, int gid) {
    return new Caller(uid, gid, Set.of());
  }

  public boolean isSuperuser() {
    return uid == 0;
  }

  public boolean isMemberOf(int group) {
    return gid == group || groups.contains(group);
  }
}
