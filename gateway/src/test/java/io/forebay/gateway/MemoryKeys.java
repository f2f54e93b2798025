package io.forebay.gateway;

import io.forebay.engine.AccessKey;
import io.forebay.engine.Identity;
import io.forebay.engine.RecordStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Keys and records in memory; the process may die before any change. Not thread-safe. */
final class MemoryKeys {
  /** What the fake throws where a process would die. */
  static final class DiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final TreeMap<String, AccessKey> keys = new TreeMap<>();
  private final TreeMap<String, byte[]> records = new TreeMap<>();
  private int changesLeft = Integer.MAX_VALUE;
  private int changes;

  /** Lets that many changes pass. */
  void dieAfter(int count) {
    changesLeft = count;
  }

  int changes() {
    return changes;
  }

  private void change() {
    if (changesLeft-- <= 0) {
      throw new DiedException();
    }
    changes++;
  }

  Identity identity() {
    return new Identity() {
      @Override
      public Optional<AccessKey> accessKey(String id) {
        return Optional.ofNullable(keys.get(id));
      }

      @Override
      public void putAccessKey(AccessKey key) {
        change();
        keys.put(key.id(), key);
      }

      @Override
      public void removeAccessKey(String id) {
        change();
        keys.remove(id);
      }

      @Override
      public List<AccessKey> accessKeys() {
        return List.copyOf(keys.values());
      }
    };
  }

  RecordStore records() {
    return new RecordStore() {
      @Override
      public Optional<byte[]> get(String space, String key) {
        return Optional.ofNullable(records.get(space + "/" + key));
      }

      @Override
      public void put(String space, String key, byte[] value) {
        change();
        records.put(space + "/" + key, value);
      }

      @Override
      public void remove(String space, String key) {
        change();
        records.remove(space + "/" + key);
      }

      @Override
      public List<Entry> list(String space, String afterKey, int limit) {
        String prefix = space + "/";
        List<Entry> entries = new ArrayList<>();
        records
            .tailMap(prefix + afterKey, afterKey.isEmpty())
            .forEach((key, value) -> {
              if (key.startsWith(prefix) && entries.size() < limit) {
                entries.add(new Entry(key.substring(prefix.length()), value));
              }
            });
        return entries;
      }
    };
  }
}
