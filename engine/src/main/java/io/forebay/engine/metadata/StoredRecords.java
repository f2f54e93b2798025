package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.RecordStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Frontends' records on the metadata store. */
public final class StoredRecords implements RecordStore {
  private static final int MAX_KEY = 255;
  private static final int MAX_PAGE = 1000;

  private final MetadataStore store;

  public StoredRecords(MetadataStore store) {
    this.store = store;
  }

  @Override
  public Optional<byte[]> get(String space, String key) {
    return store.read(snapshot -> snapshot.records().find(space, key));
  }

  @Override
  public void put(String space, String key, byte[] value) {
    int length = key.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > MAX_KEY || value.length > MAX_VALUE) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, "a record has a key of 1 to 255 bytes and at most 64 KiB");
    }
    byte[] copy = value.clone();
    store.write(transaction -> {
      transaction.records().put(space, key, copy);
      return key;
    });
  }

  @Override
  public void remove(String space, String key) {
    store.write(transaction -> {
      transaction.records().delete(space, key);
      return key;
    });
  }

  @Override
  public List<Entry> list(String space, String afterKey, int limit) {
    int bounded = Math.clamp(limit, 1, MAX_PAGE);
    return store.read(snapshot -> snapshot.records().list(space, afterKey, bounded));
  }
}
