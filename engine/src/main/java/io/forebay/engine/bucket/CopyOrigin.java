package io.forebay.engine.bucket;

import io.forebay.engine.Caller;
import io.forebay.engine.CopySource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.VersionId;
import io.forebay.engine.file.FileContents;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Snapshot;
import io.forebay.engine.metadata.Transaction;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The source of a copy by reference. Its uncommitted writes are committed first; then one
 * transaction finds it again, decides on the condition, and shares its extents: the copy is the
 * content of that transaction's moment, whole.
 */
final class CopyOrigin {
  private final MetadataStore store;
  private final FileContents contents;
  private final ObjectLookup lookup;
  private final ObjectVersions versions;

  CopyOrigin(
      MetadataStore store, FileContents contents, ObjectLookup lookup, ObjectVersions versions) {
    this.store = store;
    this.contents = contents;
    this.lookup = lookup;
    this.versions = versions;
  }

  /** What to do with the source, inside the transaction. */
  @FunctionalInterface
  interface Copy<T> {
    /**
     * @param source as committed, and as {@code info} says
     */
    T make(Transaction tx, ObjectVersions.Target source, ObjectInfo info);
  }

  /** Runs a copy in a transaction of its own. */
  <T> T with(Caller caller, CopySource source, Copy<T> copy) {
    AtomicReference<@Nullable RuntimeException> refusal = new AtomicReference<>();
    try {
      return ObjectLookup.untorn(() -> {
        InodeId committed = commit(caller, source);
        return store.write(tx -> {
          ObjectVersions.Target found = find(tx, caller, source, committed);
          ObjectInfo info =
              ObjectLookup.info(source.key(), found.inode().attributes(), found.object());
          check(source, info, refusal);
          return copy.make(tx, found, info);
        });
      });
    } catch (EngineException e) {
      RuntimeException refused = refusal.get();
      throw refused == null ? e : refused;
    }
  }

  private InodeId commit(Caller caller, CopySource source) {
    ObjectVersions.Target found =
        source.version().isPresent()
            ? store.read(snapshot -> version(snapshot, caller, source, source.version().get()))
            : target(TreeReader.of(store), caller, source);
    InodeId inode = found.inode().id();
    if (!source.key().isDirectory() && found.row().isEmpty()) {
      contents.commit(inode);
    }
    return inode;
  }

  private ObjectVersions.Target find(
      Transaction tx, Caller caller, CopySource source, InodeId committed) {
    ObjectVersions.Target found =
        source.version().isPresent()
            ? version(tx, caller, source, source.version().get())
            : target(TreeReader.of(tx), caller, source);
    if (!found.inode().id().equals(committed)) {
      throw new EngineException(ErrorCode.STALE, "the source was replaced meanwhile");
    }
    return found;
  }

  private ObjectVersions.Target target(TreeReader reader, Caller caller, CopySource source) {
    ObjectLookup.Found found = lookup.readable(reader, caller, source.bucket(), source.key());
    return new ObjectVersions.Target(Optional.empty(), found.step().inode(), found.row());
  }

  private ObjectVersions.Target version(
      Snapshot snapshot, Caller caller, CopySource source, VersionId version) {
    return versions.readable(snapshot, caller, source.bucket(), source.key(), version);
  }

  /** Whatever a condition throws reaches the caller as it is. */
  private static void check(
      CopySource source, ObjectInfo info, AtomicReference<@Nullable RuntimeException> refusal) {
    try {
      source.condition().check(info);
    } catch (RuntimeException e) {
      refusal.set(e);
      throw new EngineException(ErrorCode.CONDITION_FAILED, "refused by a condition", e);
    }
  }
}
