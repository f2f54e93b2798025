package io.forebay.engine.metadata;

import io.forebay.engine.DirectoryUsage;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Quota;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the totals of directories with one operation's changes. Every inode that has a name counts
 * in its home and in all directories above; a directory brings what is below it along, so moving
 * one costs what its depth is. Who changes an inode need not think of it: what it was and what it
 * becomes say all.
 */
final class Charges {
  private final Batch batch;
  private final Batch.Changes changes;

  Charges(Batch batch, Batch.Changes changes) {
    this.batch = batch;
    this.changes = changes;
  }

  /** As this operation has it. */
  DirectoryUsage totals(InodeId directory) {
    DirectoryUsage own = changes.totals.get(directory);
    return own != null ? own : batch.totals(directory);
  }

  /** An inode changes, begins or ends; before the change is noted. */
  void change(Optional<Inode> before, Optional<Inode> after) {
    Optional<InodeId> from = before.flatMap(Charges::home);
    Optional<InodeId> to = after.flatMap(Charges::home);
    if (from.isEmpty() && to.isEmpty()) {
      return;
    }
    if (from.equals(to)) {
      DirectoryUsage was = charge(before.get());
      DirectoryUsage is = charge(after.get());
      if (!was.equals(is)) {
        add(from.get(), was, is);
      }
      return;
    }
    // A directory's charge stays the same meanwhile: it does not move below itself.
    from.ifPresent(home -> add(home, charge(before.get()), DirectoryUsage.NONE));
    to.ifPresent(home -> add(home, DirectoryUsage.NONE, charge(after.get())));
  }

  /** Where an inode counts; those without a name count nowhere, unless they are in the trash. */
  private static Optional<InodeId> home(Inode inode) {
    boolean named = inode.attributes().linkCount() > 0 && !inode.id().equals(InodeId.ROOT);
    return inode.parent().filter(home -> named || home.equals(DirectoryTotals.TRASH));
  }

  private DirectoryUsage charge(Inode inode) {
    if (inode.type() == FileType.DIRECTORY) {
      DirectoryUsage below = totals(inode.id());
      return below.plus(new DirectoryUsage(0, 0, 0, 1));
    }
    return new DirectoryUsage(inode.attributes().spaceUsed(), inode.attributes().size(), 1, 0);
  }

  private void add(InodeId home, DirectoryUsage was, DirectoryUsage is) {
    InodeId each = home;
    while (true) {
      changes.totals.put(each, totals(each).plus(is).minus(was));
      if (each.equals(InodeId.ROOT) || each.equals(DirectoryTotals.TRASH)) {
        return;
      }
      each = parent(each);
    }
  }

  private InodeId parent(InodeId directory) {
    Optional<Inode> own = changes.inodes.get(directory);
    return (own != null ? own : batch.inode(directory))
        .flatMap(Inode::parent)
        .orElseThrow(
            () -> new EngineException(ErrorCode.CORRUPT, directory + " has no parent directory"));
  }

  /**
   * Refuses what takes a directory above its quota, as the operation leaves it: what it does in
   * between does not matter, and nothing else is between it and the commit.
   *
   * @throws EngineException {@link ErrorCode#QUOTA_EXCEEDED}
   */
  void requireQuotas() {
    if (!batch.hasQuotas()) {
      return;
    }
    for (Map.Entry<InodeId, DirectoryUsage> each : changes.totals.entrySet()) {
      Optional<Quota> quota = batch.quota(each.getKey());
      if (quota.isPresent() && quota.get().forbids(batch.totals(each.getKey()), each.getValue())) {
        throw new EngineException(
            ErrorCode.QUOTA_EXCEEDED, "the quota of directory " + each.getKey() + " is used up");
      }
    }
  }
}
