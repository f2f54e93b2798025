package io.forebay.engine.bucket;

import io.forebay.engine.Caller;
import io.forebay.engine.CopySource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.file.FileContents;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Transaction;
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

  CopyOrigin(MetadataStore store, FileContents contents, ObjectLookup lookup) {
    this.store = store;
    this.contents = contents;
    this.lookup = lookup;
  }

  /** What to do with the source, inside the transaction. */
  @FunctionalInterface
  interface Copy<T> {
    /**
     * @param source as committed, and as {@code info} says
     */
    T make(Transaction tx, ObjectLookup.Found source, ObjectInfo info);
  }

  /** Runs a copy in a transaction of its own. */
  <T> T with(Caller caller, CopySource source, Copy<T> copy) {
    AtomicReference<@Nullable RuntimeException> refusal = new AtomicReference<>();
    try {
      return ObjectLookup.untorn(() -> {
        InodeId committed = commit(caller, source);
        return store.write(tx -> {
          ObjectLookup.Found found = find(tx, caller, source, committed);
          ObjectInfo info =
              ObjectLookup.info(source.key(), found.step().inode().attributes(), found.row());
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
    ObjectLookup.Found found =
        lookup.readable(TreeReader.of(store), caller, source.bucket(), source.key());
    InodeId inode = found.step().inode().id();
    if (!source.key().isDirectory()) {
      contents.commit(inode);
    }
    return inode;
  }

  private ObjectLookup.Found find(
      Transaction tx, Caller caller, CopySource source, InodeId committed) {
    ObjectLookup.Found found =
        lookup.readable(TreeReader.of(tx), caller, source.bucket(), source.key());
    if (!found.step().inode().id().equals(committed)) {
      throw new EngineException(ErrorCode.STALE, "the source was replaced meanwhile");
    }
    return found;
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
