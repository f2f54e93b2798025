package io.forebay.engine.bucket;

import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Transaction;
import java.util.Optional;

/** What a walk along a key asks for: of the committed tree, or of a transaction's. */
interface TreeReader {
  Optional<Entry> entry(InodeId directory, FileName name);

  Optional<Inode> inode(InodeId id);

  Optional<Objects.Row> object(InodeId id);

  /** As committed, from memory where it is there; each answer may be of another commit. */
  static TreeReader of(MetadataStore store) {
    return new TreeReader() {
      @Override
      public Optional<Entry> entry(InodeId directory, FileName name) {
        return store.entry(directory, name);
      }

      @Override
      public Optional<Inode> inode(InodeId id) {
        return store.inode(id);
      }

      @Override
      public Optional<Objects.Row> object(InodeId id) {
        return store.object(id);
      }
    };
  }

  /** As a transaction has it. */
  static TreeReader of(Transaction transaction) {
    return new TreeReader() {
      @Override
      public Optional<Entry> entry(InodeId directory, FileName name) {
        return transaction.entry(directory, name);
      }

      @Override
      public Optional<Inode> inode(InodeId id) {
        return transaction.inode(id);
      }

      @Override
      public Optional<Objects.Row> object(InodeId id) {
        return transaction.object(id);
      }
    };
  }
}
