package io.forebay.engine.object;

import io.forebay.testkit.MemoryObjectStore;

/** The fake is held to what it stands for. */
class MemoryObjectStoreTest extends ObjectStoreContract {
  private final MemoryObjectStore store = new MemoryObjectStore();

  @Override
  protected ObjectStore store() {
    return store;
  }
}
