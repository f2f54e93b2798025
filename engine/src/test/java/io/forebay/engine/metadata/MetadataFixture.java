package io.forebay.engine.metadata;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.testkit.Seeds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A metadata store on a real file, and short words for what tests do with it. */
final class MetadataFixture implements AutoCloseable {
  final Path directory;
  final Random random;
  SimpleMeterRegistry meters = new SimpleMeterRegistry();
  MetadataStore store;

  MetadataFixture(Path directory) {
    this.directory = directory;
    this.random = Seeds.random("metadata");
    this.store = open(directory);
  }

  MetadataStore open(Path where) {
    meters = new SimpleMeterRegistry();
    return MetadataStore.open(where, 10_000, TimeSource.system(), random, meters);
  }

  void reopen() {
    store.close();
    store = open(directory);
  }

  double transactions() {
    return meters.counter("forebay.metadata.transactions").count();
  }

  static FileName name(String text) {
    return FileName.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static InodeId createFile(Transaction transaction) {
    InodeId id = transaction.newInodeId();
    transaction.create(new InodeEdit(id, FileType.REGULAR, transaction.now()).mode(0644).done());
    return id;
  }

  static Entry createChild(Transaction transaction, String name) {
    return transaction.addEntry(
        InodeId.ROOT, name(name), createFile(transaction), FileType.REGULAR);
  }

  InodeId newFile() {
    return store.write(MetadataFixture::createFile);
  }

  /** Keeps the writer busy until it is opened, so that what comes meanwhile makes one batch. */
  final class Blockade implements AutoCloseable {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final Thread thread;

    Blockade() throws InterruptedException {
      thread =
          Thread.startVirtualThread(() ->
              store.write(transaction -> {
                reached.countDown();
                try {
                  open.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                return true;
              }));
      reached.await();
    }

    /** Waits until that many operations stand behind the blockade. */
    void awaitWaiting(int count) {
      while (meters.get("forebay.metadata.waiting").gauge().value() < count) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() {
      open.countDown();
      while (thread.isAlive()) {
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
