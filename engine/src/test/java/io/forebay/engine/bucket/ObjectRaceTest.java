package io.forebay.engine.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AttributeChanges;
import io.forebay.engine.CreateMode;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenFile;
import io.forebay.engine.OpenObject;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.engine.WriteCondition;
import io.forebay.testkit.ObjectViewFixture;
import io.forebay.testkit.VolumeUnderTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What meets at the same moment. Every outcome that is allowed is named; any other fails. */
@Timeout(120)
class ObjectRaceTest extends ObjectViewFixture {
  private static final int ROUNDS = 60;

  /** Not virtual: readers that find all in memory never wait, and would keep every carrier. */
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());

  @Override
  protected VolumeUnderTest open(Path where) {
    return new StoredVolume(where, TimeSource.system());
  }

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  /** Runs all at once; each answers with the code it was refused with, or with {@link #NOTHING}. */
  private List<ErrorCode> race(List<Callable<?>> racers) {
    CyclicBarrier start = new CyclicBarrier(racers.size());
    List<Future<ErrorCode>> running = new ArrayList<>();
    for (Callable<?> racer : racers) {
      running.add(
          threads.submit(() -> {
            start.await(30, TimeUnit.SECONDS);
            try {
              racer.call();
              return NOTHING;
            } catch (EngineException e) {
              return e.code();
            }
          }));
    }
    return running.stream().map(ObjectRaceTest::outcome).toList();
  }

  /** Stands for success: no operation here answers so. */
  private static final ErrorCode NOTHING = ErrorCode.FENCED;

  private static ErrorCode outcome(Future<ErrorCode> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private Callable<?> putting(String key, String content, WriteCondition condition) {
    return () -> put(ROOT, key, bytes(content), condition);
  }

  @Test
  void ofManyPutsIfAbsentOneWins() {
    for (int round = 0; round < ROUNDS; round++) {
      String key = "d" + round % 7 + "/" + round;
      List<Callable<?>> racers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        racers.add(putting(key, "of " + i, WriteCondition.IF_ABSENT));
      }
      List<ErrorCode> outcomes = race(racers);
      assertThat(outcomes).containsOnlyOnce(NOTHING);
      assertThat(outcomes).containsOnly(NOTHING, ErrorCode.CONDITION_FAILED);
      assertThat(text(key)).isEqualTo("of " + outcomes.indexOf(NOTHING));
    }
  }

  @Test
  void anExclusiveCreateAndAPutIfAbsentDoNotBothWin() {
    InodeId bucket = at("bucket").inode();
    for (int round = 0; round < ROUNDS; round++) {
      String key = "k" + round;
      FileName name = FileName.of(key);
      long verifier = round;
      List<ErrorCode> outcomes =
          race(
              List.of(
                  putting(key, "s3", WriteCondition.IF_ABSENT),
                  () ->
                      files.createFile(
                          ROOT,
                          bucket,
                          name,
                          new CreateMode.Exclusive(verifier),
                          AttributeChanges.mode(0644))));
      assertThat(outcomes)
          .isIn(List.of(NOTHING, ErrorCode.EXISTS), List.of(ErrorCode.CONDITION_FAILED, NOTHING));
      assertThat(get(key)).hasSize(outcomes.getFirst() == NOTHING ? 2 : 0);
    }
  }

  @Test
  void noUpdateIsLostUnderIfMatch() {
    put("counter", "0");
    Callable<?> increment =
        () -> {
          for (int i = 0; i < 10; ) {
            String etag;
            int value;
            try (OpenObject object = view.open(ROOT, BUCKET, key("counter"))) {
              etag = object.info().etag();
              value = Integer.parseInt(new String(all(object), StandardCharsets.UTF_8));
            }
            try {
              put(
                  ROOT,
                  "counter",
                  bytes(Integer.toString(value + 1)),
                  new WriteCondition.IfMatches(etag));
              i++;
            } catch (EngineException e) {
              assertThat(e.code()).isEqualTo(ErrorCode.CONDITION_FAILED);
            }
          }
          return null;
        };
    assertThat(race(List.of(increment, increment, increment, increment))).containsOnly(NOTHING);
    assertThat(text("counter")).isEqualTo("40");
  }

  @Test
  void aPutAndAnUnlinkHappenInSomeOrder() {
    InodeId bucket = at("bucket").inode();
    for (int round = 0; round < ROUNDS; round++) {
      put("a", "old");
      List<ErrorCode> outcomes =
          race(
              List.of(
                  putting("a", "new", WriteCondition.ALWAYS),
                  () -> files.remove(ROOT, bucket, FileName.of("a"), RemoveKind.FILE)));
      assertThat(outcomes).containsExactly(NOTHING, NOTHING);
      if (exists("a")) {
        assertThat(text("a")).isEqualTo("new");
      }
    }
  }

  /** Every GET is of one content, whatever is put and deleted meanwhile. */
  @Test
  void aGetIsNeverTorn() {
    AtomicBoolean over = new AtomicBoolean();
    put("a", pattern(0));
    Callable<?> writer =
        () -> {
          Random random = new Random(5);
          for (int i = 1; i < 150; i++) {
            if (random.nextInt(5) == 0) {
              delete("a");
            } else {
              put("a", pattern(i));
            }
          }
          over.set(true);
          return null;
        };
    Callable<?> reader =
        () -> {
          int read = 0;
          while (!over.get()) {
            try (OpenObject object = view.open(ROOT, BUCKET, key("a"))) {
              byte[] content = all(object);
              assertThat(md5(content)).isEqualTo(object.info().etag());
              read++;
            } catch (EngineException e) {
              assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
            }
          }
          assertThat(read).isPositive();
          return null;
        };
    assertThat(race(List.of(writer, reader, reader, this::sweep))).containsOnly(NOTHING);
  }

  /** Deletes what is dead under the readers' hands. */
  private Void sweep() {
    StoredVolume stored = (StoredVolume) volume;
    for (int i = 0; i < 200; i++) {
      stored.deleteDiscarded();
      stored.plane().sweepDeadSegments();
    }
    return null;
  }

  private static byte[] pattern(int number) {
    byte[] bytes = new byte[300_000 + number * 7];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  @Test
  void anOpenAndAPutThatReplacesTheFileLeaveTheOpenOneReadable() {
    for (int round = 0; round < ROUNDS; round++) {
      put("a", "old");
      InodeId old = at("bucket/a").inode();
      String[] read = {"nothing"};
      List<ErrorCode> outcomes =
          race(
              List.of(
                  putting("a", "new", WriteCondition.ALWAYS),
                  () -> {
                    try (OpenFile file = openFile(old)) {
                      file.write(3, ByteBuffer.wrap(bytes("!")), Stability.UNSTABLE);
                      read[0] = read(file);
                    }
                    return null;
                  }));
      assertThat(outcomes.getFirst()).isEqualTo(NOTHING);
      assertThat(outcomes.getLast()).isIn(NOTHING, ErrorCode.STALE);
      assertThat(read[0]).isEqualTo(outcomes.getLast() == NOTHING ? "old!" : "nothing");
      assertThat(text("a")).isEqualTo("new");
    }
  }

  @Test
  void aBucketIsNotDeletedUnderAnObject() {
    for (int round = 0; round < ROUNDS; round++) {
      List<ErrorCode> outcomes =
          race(
              List.of(
                  putting("x/y/z", "content", WriteCondition.ALWAYS),
                  () -> {
                    view.deleteBucket(ROOT, BUCKET);
                    return null;
                  }));
      assertThat(outcomes)
          .isIn(
              List.of(NOTHING, ErrorCode.BUCKET_NOT_EMPTY),
              List.of(ErrorCode.NO_SUCH_BUCKET, NOTHING));
      if (outcomes.getFirst() == NOTHING) {
        assertThat(text("x/y/z")).isEqualTo("content");
        delete("x/y/z");
      } else {
        view.createBucket(ROOT, BUCKET);
      }
    }
  }

  /**
   * The last object of a directory goes while another comes: the directory must not go under it.
   */
  @Test
  void pruningTakesNoDirectoryFromUnderAPut() {
    for (int round = 0; round < ROUNDS; round++) {
      put("p/q/old", "x");
      String key = "p/q/" + round;
      List<ErrorCode> outcomes =
          race(
              List.of(
                  () -> delete("p/q/old"),
                  putting(key, "new", WriteCondition.ALWAYS),
                  () -> list("", ""),
                  () -> {
                    mkdirQuietly("bucket/p/q", "made");
                    return null;
                  }));
      assertThat(outcomes).containsOnly(NOTHING);
      assertThat(text(key)).isEqualTo("new");
      assertThat(exists("p/q/old")).isFalse();
      delete(key);
      removeQuietly("bucket/p/q/made");
    }
  }

  private void mkdirQuietly(String parent, String name) {
    try {
      files.createDirectory(
          ROOT, at(parent).inode(), FileName.of(name), AttributeChanges.mode(0755));
    } catch (EngineException e) {
      assertThat(e.code()).isIn(ErrorCode.NOT_FOUND, ErrorCode.STALE);
    }
  }

  private void removeQuietly(String path) {
    if (existsAt(path)) {
      remove(path);
    }
  }
}
