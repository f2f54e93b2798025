package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.AccessKey;
import io.forebay.engine.Caller;
import io.forebay.gateway.config.RootKeySetting;
import io.forebay.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** docs/decisions/0008. */
class RootKeyTest {
  private static final RootKeySetting FIRST = new RootKeySetting("FIRSTKEY", "first-secret");
  private static final RootKeySetting SECOND = new RootKeySetting("SECONDKEY", "second-secret");

  private final MemoryKeys volume = new MemoryKeys();
  private final ManualClock clock = new ManualClock();
  private final SplittableRandom random = new SplittableRandom(42);

  private RootKey start(RootKeySetting... configured) {
    return RootKey.settle(
        List.of(configured).stream().findFirst(),
        volume.identity(),
        volume.records(),
        clock,
        random);
  }

  @Test
  void theFirstStartGeneratesAKeyThatActsAsRoot() {
    RootKey root = start();

    assertThat(root.isGenerated()).isTrue();
    assertThat(root.key().id()).matches("FB[A-Z2-7]{18}");
    assertThat(root.key().secret()).matches("[A-Za-z0-9]{40}");
    assertThat(root.key().owner()).isEqualTo(Caller.ROOT);
    assertThat(root.key().enabled()).isTrue();
    assertThat(volume.keys.values()).containsExactly(root.key());
  }

  @Test
  void laterStartsFindItAndWriteNoKey() {
    RootKey first = start();
    clock.advance(Duration.ofDays(1));

    assertThat(start()).isEqualTo(first);
    assertThat(volume.keys.values()).containsExactly(first.key());
  }

  @Test
  void twoVolumesGetDifferentKeys() {
    RootKey first = start();
    MemoryKeys other = new MemoryKeys();

    RootKey second =
        RootKey.settle(Optional.empty(), other.identity(), other.records(), clock, random);

    assertThat(second.key().id()).isNotEqualTo(first.key().id());
    assertThat(second.key().secret()).isNotEqualTo(first.key().secret());
  }

  @Test
  void aConfiguredKeyReplacesTheGeneratedOne() {
    start();

    RootKey root = start(FIRST);

    assertThat(root.isGenerated()).isFalse();
    assertThat(volume.keys.keySet()).containsExactly("FIRSTKEY");
    assertThat(root.key().secret()).isEqualTo("first-secret");
  }

  @Test
  void aConfiguredKeyReplacesTheOneConfiguredBefore() {
    start(FIRST);

    start(SECOND);

    assertThat(volume.keys.keySet()).containsExactly("SECONDKEY");
  }

  @Test
  void aNewSecretReplacesTheOldOne() {
    start(FIRST);

    start(new RootKeySetting("FIRSTKEY", "another-secret"));

    assertThat(volume.keys.values())
        .singleElement()
        .satisfies(key -> assertThat(key.secret()).isEqualTo("another-secret"));
  }

  @Test
  void aConfiguredKeyStaysWhenItIsNoLongerConfiguredAndItsSecretIsNotForPrinting() {
    AccessKey configured = start(FIRST).key();

    RootKey root = start();

    assertThat(root.key()).isEqualTo(configured);
    assertThat(root.isGenerated()).isFalse();
  }

  @Test
  void keysOfOthersAreLeftAloneWhateverTheirLabel() {
    AccessKey other =
        new AccessKey("USERKEY", "users-secret", Caller.of(1000, 1000), "root", 1, true);
    volume.keys.put(other.id(), other);

    start();
    start(FIRST);
    start(SECOND);

    assertThat(volume.keys.keySet()).containsExactly("SECONDKEY", "USERKEY");
    assertThat(volume.keys.get("USERKEY")).isEqualTo(other);
  }

  @Test
  void aKeyThatSomebodyDisabledStaysDisabledUnlessConfigured() {
    AccessKey key = start().key();
    volume.keys.put(
        key.id(),
        new AccessKey(key.id(), key.secret(), key.owner(), key.label(), key.createdNanos(), false));

    assertThat(start().key().enabled()).isFalse();
    assertThat(start(new RootKeySetting(key.id(), key.secret())).key().enabled()).isTrue();
  }

  @Test
  void aRemovedKeyIsReplacedByANewOne() {
    AccessKey removed = start().key();
    volume.keys.clear();

    RootKey root = start();

    assertThat(root.key().id()).isNotEqualTo(removed.id());
    assertThat(volume.keys.keySet()).containsExactly(root.key().id());
  }

  @Test
  void aCrashAnywhereLeavesNoSecondRootKeyBehind() {
    List<Runnable> histories =
        List.of(this::start, () -> start(FIRST), () -> start(SECOND), this::start);
    for (int before = 0; before < 3; before++) {
      for (int survived = 0; survived < 5; survived++) {
        volume.keys.clear();
        start();
        for (int i = 0; i < before; i++) {
          histories.get(i).run();
        }
        volume.dieAfter(survived);
        try {
          histories.get(before).run();
        } catch (MemoryKeys.DiedException died) {
          assertThat(survived).isLessThan(5);
        }
        volume.dieAfter(Integer.MAX_VALUE);

        RootKey root = start();

        assertThat(volume.keys.values())
            .as("start %d, died after %d changes", before, survived)
            .containsExactly(root.key());
      }
    }
  }

  @Test
  void theFakeDiesWhereItIsTold() {
    volume.dieAfter(1);

    assertThatThrownBy(this::start).isInstanceOf(MemoryKeys.DiedException.class);
    assertThat(volume.changes()).isEqualTo(1);
    assertThat(volume.keys).isEmpty();
  }
}
