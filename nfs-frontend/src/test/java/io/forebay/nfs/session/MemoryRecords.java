package io.forebay.nfs.session;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.RecordStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records that outlive a {@link Sessions}, on a disk that can fail. */
final class MemoryRecords implements RecordStore {
  private final Map<String, TreeMap<String, byte[]>> spaces = new TreeMap<>();
  private boolean broken;
  private Runnable beforePut = () -> {};

  /** From now on every change fails, or none does. */
  synchronized void breakDown(boolean nowBroken) {
    broken = nowBroken;
  }

  /** What happens at the next put, before it is done. */
  synchronized void beforeNextPut(Runnable action) {
    beforePut = action;
  }

  synchronized int size(String space) {
    return space(space).size();
  }

  private TreeMap<String, byte[]> space(String name) {
    return spaces.computeIfAbsent(name, unused -> new TreeMap<>());
  }

  @Override
  public synchronized Optional<byte[]> get(String space, String key) {
    return Optional.ofNullable(space(space).get(key)).map(byte[]::clone);
  }

  @Override
  public synchronized void put(String space, String key, byte[] value) {
    Runnable action = beforePut;
    beforePut = () -> {};
    action.run();
    requireWorking();
    space(space).put(key, value.clone());
  }

  @Override
  public synchronized void remove(String space, String key) {
    requireWorking();
    space(space).remove(key);
  }

  @Override
  public synchronized List<Entry> list(String space, String afterKey, int limit) {
    return space(space).tailMap(afterKey, false).entrySet().stream()
        .limit(limit)
        .map(entry -> new Entry(entry.getKey(), entry.getValue()))
        .toList();
  }

  private void requireWorking() {
    if (broken) {
      throw new EngineException(ErrorCode.IO, "the disk is broken");
    }
  }
}
