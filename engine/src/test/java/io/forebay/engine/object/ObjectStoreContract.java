package io.forebay.engine.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.Invariant.BrokenInvariantException;
import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.ObjectStore.Fetched;
import io.forebay.engine.object.ObjectStore.ListPage;
import io.forebay.engine.object.ObjectStore.Stat;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ObjectStore} owes. Each test begins with an empty bucket. */
@Timeout(120)
public abstract class ObjectStoreContract {
  /** Of an empty bucket or prefix. */
  protected abstract ObjectStore store();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Body body(byte[] bytes) {
    return Body.of(ByteBuffer.wrap(bytes));
  }

  private static Body body(String text) {
    return body(bytes(text));
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(bytes(text));
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).as(e.toString()).isEqualTo(kind));
  }

  private String text(String key) {
    return StandardCharsets.US_ASCII.decode(store().fetch(key, 1000).bytes()).toString();
  }

  // --- put, get, fetch, stat

  @Test
  void whatWasPutIsThere() {
    byte[] bytes = Seeds.bytesOf(1, 3_000_000);
    String version = store().put("segments/01/0001", body(bytes));

    ByteBuffer all = ByteBuffer.allocate(bytes.length);
    store().get("segments/01/0001", 0, all);
    assertThat(all.array()).isEqualTo(bytes);
    assertThat(all.hasRemaining()).isFalse();
    Stat stat = store().stat("segments/01/0001").orElseThrow();
    assertThat(stat.size()).isEqualTo(bytes.length);
    assertThat(stat.key()).isEqualTo("segments/01/0001");
    assertThat(stat.version()).isEqualTo(version);
    assertThat(stat.modifiedNanos()).isPositive();
    Fetched fetched = store().fetch("segments/01/0001", bytes.length);
    assertThat(fetched.version()).isEqualTo(version);
    assertThat(fetched.bytes()).isEqualTo(ByteBuffer.wrap(bytes));
  }

  @Test
  void rangesAreReadWholeIntoTheRoomOfTheTarget() {
    store().put("a", body("0123456789"));
    ByteBuffer target = ByteBuffer.wrap(bytes("xxxxxxxx")).position(2).limit(6);
    store().get("a", 3, target);
    assertThat(target.position()).isEqualTo(6);
    assertThat(new String(target.array(), StandardCharsets.US_ASCII)).isEqualTo("xx3456xx");
    ByteBuffer direct = ByteBuffer.allocateDirect(1);
    store().get("a", 9, direct);
    assertThat(direct.get(0)).isEqualTo((byte) '9');
  }

  @Test
  void aRangeThatIsNotThereWholeIsAnErrorNeverAShortAnswer() {
    store().put("a", body("0123456789"));
    assertFails(Kind.CORRUPT, () -> store().get("a", 8, ByteBuffer.allocate(3)));
    assertFails(Kind.CORRUPT, () -> store().get("a", 10, ByteBuffer.allocate(1)));
    assertFails(Kind.CORRUPT, () -> store().get("a", 1000, ByteBuffer.allocate(1)));
  }

  @Test
  void whatIsNotThereIsMissing() {
    assertFails(Kind.MISSING, () -> store().get("none", 0, ByteBuffer.allocate(1)));
    assertFails(Kind.MISSING, () -> store().get("no/such/path", 0, ByteBuffer.allocate(1)));
    assertFails(Kind.MISSING, () -> store().fetch("none", 10));
    assertFails(Kind.MISSING, () -> store().fetch("no/such/path", 10));
    assertThat(store().stat("none")).isEmpty();
    assertThat(store().stat("no/such/path")).isEmpty();
  }

  @Test
  void whatLiesBelowAnObjectOrIsOnlyAPrefixIsMissing() {
    store().put("a/b", body("x"));
    assertFails(Kind.MISSING, () -> store().get("a", 0, ByteBuffer.allocate(1)));
    assertFails(Kind.MISSING, () -> store().fetch("a", 10));
    assertThat(store().stat("a")).isEmpty();
    store().delete("a");
    assertFails(Kind.MISSING, () -> store().get("a/b/c", 0, ByteBuffer.allocate(1)));
    assertFails(Kind.MISSING, () -> store().fetch("a/b/c", 10));
    assertThat(store().stat("a/b/c")).isEmpty();
    store().delete("a/b/c");
    assertThat(text("a/b")).isEqualTo("x");
  }

  @Test
  void moreThanTheMaximumIsNotFetched() {
    store().put("a", body("0123456789"));
    assertFails(Kind.CORRUPT, () -> store().fetch("a", 9));
    assertThat(store().fetch("a", 10).bytes().remaining()).isEqualTo(10);
  }

  @Test
  void aPutReplacesAndChangesTheVersion() {
    String first = store().put("a", body("one"));
    String second = store().put("a", body("two"));
    assertThat(second).isNotEqualTo(first);
    assertThat(text("a")).isEqualTo("two");
  }

  @Test
  void aBodyThatEndsEarlyStoresNothing() {
    store().put("a", body("before"));
    for (String key : List.of("a", "b")) {
      assertThatThrownBy(() -> store().put(key, new ShortBody(false)))
          .isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> store().put(key, new ShortBody(true)))
          .isInstanceOf(StoreException.class);
    }
    assertThat(text("a")).isEqualTo("before");
    assertThat(store().stat("b")).isEmpty();
    assertThat(store().list("", "", 10).objects()).extracting(Stat::key).containsExactly("a");
  }

  /** Promises 1,000 bytes and has 500; then ends, or fails. */
  private record ShortBody(boolean fails) implements Body {
    @Override
    public long length() {
      return 1000;
    }

    @Override
    public InputStream open() {
      return new InputStream() {
        private final InputStream half = new ByteArrayInputStream(new byte[500]);

        @Override
        public int read() throws IOException {
          int next = half.read();
          if (next < 0 && fails) {
            throw new IOException("made to fail");
          }
          return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          int n = half.read(target, offset, length);
          if (n < 0 && fails) {
            throw new IOException("made to fail");
          }
          return n;
        }
      };
    }
  }

  @Test
  void aBodyWithItsChecksumIsTaken() {
    byte[] bytes = Seeds.bytesOf(2, 100_000);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    Body plain = body(bytes);
    store()
        .put(
            "a",
            new Body() {
              @Override
              public long length() {
                return plain.length();
              }

              @Override
              public InputStream open() throws IOException {
                return plain.open();
              }

              @Override
              public long crc32c() {
                return crc.getValue();
              }
            });
    assertThat(store().fetch("a", bytes.length).bytes()).isEqualTo(ByteBuffer.wrap(bytes));
  }

  // --- conditional puts

  @Test
  void theFirstToPutWhereNothingWasWins() {
    String version = store().putIf("lease", buffer("one"), Optional.empty());
    assertFails(Kind.CONFLICT, () -> store().putIf("lease", buffer("two"), Optional.empty()));
    assertThat(text("lease")).isEqualTo("one");
    assertThat(store().fetch("lease", 10).version()).isEqualTo(version);
  }

  @Test
  void aVersionThatHasMovedOnConflicts() {
    String first = store().putIf("lease", buffer("one"), Optional.empty());
    ByteBuffer two = buffer("two");
    String second = store().putIf("lease", two, Optional.of(first));
    assertThat(two.remaining()).isEqualTo(3);
    assertFails(Kind.CONFLICT, () -> store().putIf("lease", buffer("three"), Optional.of(first)));
    assertThat(text("lease")).isEqualTo("two");
    store().putIf("lease", buffer("three"), Optional.of(second));
    assertThat(text("lease")).isEqualTo("three");
  }

  @Test
  void aConditionOnWhatIsGoneConflicts() {
    String version = store().putIf("lease", buffer("one"), Optional.empty());
    store().delete("lease");
    assertFails(Kind.CONFLICT, () -> store().putIf("lease", buffer("two"), Optional.of(version)));
    assertThat(store().stat("lease")).isEmpty();
  }

  /** As lease holders do it, by way of retries: a server may well leave open who was first. */
  @Test
  void ofManyWhoPutAtOnceOneWins() throws InterruptedException {
    RetryPolicy policy =
        new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(500), Duration.ofSeconds(20));
    Random random = Seeds.random("ofManyWhoPutAtOnceOneWins");
    RetryingObjectStore retrying =
        new RetryingObjectStore(store(), policy, TimeSource.system(), random);
    for (int round = 0; round < 3; round++) {
      String key = "lease-" + round;
      Optional<String> base =
          round == 0
              ? Optional.empty()
              : Optional.of(store().putIf(key, buffer("base"), Optional.empty()));
      ConcurrentLinkedQueue<String> winners = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Throwable> others = new ConcurrentLinkedQueue<>();
      CountDownLatch done = new CountDownLatch(8);
      for (int i = 0; i < 8; i++) {
        String mine = "writer-" + i;
        Thread.startVirtualThread(() -> {
          try {
            retrying.putIf(key, buffer(mine), base);
            winners.add(mine);
          } catch (StoreException e) {
            if (e.kind() != Kind.CONFLICT) {
              others.add(e);
            }
          } finally {
            done.countDown();
          }
        });
      }
      done.await();
      assertThat(others).isEmpty();
      assertThat(winners).hasSize(1);
      assertThat(text(key)).isEqualTo(winners.peek());
    }
  }

  // --- delete

  @Test
  void whatWasDeletedIsGoneAndDeletingAgainSucceeds() {
    store().put("a/b", body("x"));
    store().delete("a/b");
    assertThat(store().stat("a/b")).isEmpty();
    store().delete("a/b");
    store().delete("never/there");
  }

  // --- list

  private List<String> listAll(String prefix, int limit) {
    List<String> keys = new ArrayList<>();
    ListPage page = store().list(prefix, "", limit);
    while (true) {
      assertThat(page.objects()).hasSizeLessThanOrEqualTo(limit);
      page.objects().forEach(stat -> keys.add(stat.key()));
      if (!page.truncated()) {
        return keys;
      }
      page = store().list(prefix, keys.getLast(), limit);
    }
  }

  @Test
  void aListingIsCompleteAndInTheOrderOfItsKeys() {
    Random random = Seeds.random("aListingIsCompleteAndInTheOrderOfItsKeys");
    TreeSet<String> keys = new TreeSet<>();
    String[] names = {"a", "a-b", "a.b", "a0", "A", "b", "_", "z-", "ab"};
    while (keys.size() < 40) {
      StringBuilder key = new StringBuilder(names[random.nextInt(names.length)]);
      for (int depth = random.nextInt(3); depth > 0; depth--) {
        key.append('/').append(names[random.nextInt(names.length)]);
      }
      String candidate = key.toString();
      boolean clashes =
          keys.stream()
              .anyMatch(
                  other -> other.startsWith(candidate + "/") || candidate.startsWith(other + "/"));
      if (!clashes && keys.add(candidate)) {
        store().put(candidate, body(candidate));
      }
    }
    for (int limit : new int[] {1, 7, 1000}) {
      assertThat(listAll("", limit)).containsExactlyElementsOf(keys);
    }
    for (String prefix : List.of("a", "a/", "a-", "b/a", "zzz", "a/a")) {
      List<String> expected = keys.stream().filter(key -> key.startsWith(prefix)).toList();
      assertThat(listAll(prefix, 3)).containsExactlyElementsOf(expected);
    }
    for (String after : List.of("a", "a/", "a0", "aa", "b/a", "~")) {
      List<String> expected = keys.stream().filter(key -> key.compareTo(after) > 0).toList();
      assertThat(store().list("", after, 1000).objects())
          .extracting(Stat::key)
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void aPageThatIsExactlyFullAndTheLastIsNotTruncated() {
    store().put("a", body("1"));
    store().put("b", body("22"));
    ListPage page = store().list("", "", 2);
    assertThat(page.truncated()).isFalse();
    assertThat(page.objects()).extracting(Stat::size).containsExactly(1L, 2L);
    assertThat(store().list("", "", 1).truncated()).isTrue();
    Stat listed = page.objects().getFirst();
    Stat stat = store().stat("a").orElseThrow();
    assertThat(listed.version()).isEqualTo(stat.version());
  }

  @Test
  void anEmptyBucketHasAnEmptyListing() {
    assertThat(store().list("", "", 10)).isEqualTo(new ListPage(List.of(), false));
  }

  // --- defects of callers

  @Test
  void anEmptyBodyIsADefect() {
    assertThatThrownBy(() -> store().put("a", body("")))
        .isInstanceOf(BrokenInvariantException.class);
    assertThatThrownBy(() -> store().putIf("a", buffer(""), Optional.empty()))
        .isInstanceOf(BrokenInvariantException.class);
  }

  @Test
  void badKeysAreDefects() {
    for (String key :
        List.of("", "/a", "a/", "a//b", ".", "a/../b", "a b", "ä", "~a", "a".repeat(513))) {
      assertThatThrownBy(() -> store().put(key, body("x")))
          .isInstanceOf(BrokenInvariantException.class);
      assertThatThrownBy(() -> store().get(key, 0, ByteBuffer.allocate(1)))
          .isInstanceOf(BrokenInvariantException.class);
    }
    assertThatThrownBy(() -> store().list("", "", 0)).isInstanceOf(BrokenInvariantException.class);
    assertThatThrownBy(() -> store().list("", "", 1001))
        .isInstanceOf(BrokenInvariantException.class);
  }

  @Test
  void theDescriptionSaysSomething() {
    assertThat(store().describe()).isNotBlank();
  }
}
