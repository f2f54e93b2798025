package io.forebay.engine.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectProperties;
import io.forebay.testkit.Seeds;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StoredPropertiesTest {
  private static ObjectProperties properties(
      Map<String, String> headers,
      Map<String, String> metadata,
      Map<String, String> checksums,
      Map<String, String> tags) {
    return new ObjectProperties(
        new TreeMap<>(headers),
        new TreeMap<>(metadata),
        new TreeMap<>(checksums),
        new TreeMap<>(tags));
  }

  /** The layout of docs/format.md: a stored volume depends on these very bytes. */
  @Test
  void theBytesAreThoseOfTheDocument() {
    ObjectProperties properties =
        properties(Map.of("a", "xy"), Map.of(), Map.of("c", ""), Map.of("t", "é"));
    byte[] encoded = new StoredProperties(properties, true).encode();
    assertThat(HexFormat.of().formatHex(encoded))
        .isEqualTo(
            "0101" + "01" + "0161" + "027879" + "00" + "01" + "0163" + "00" + "01" + "0174"
                + "02c3a9");
  }

  @Test
  void nothingTakesSixBytes() {
    assertThat(StoredProperties.of(ObjectProperties.NONE).encode()).hasSize(6);
  }

  @Test
  void whatIsEncodedComesBack() {
    Random random = Seeds.random("whatIsEncodedComesBack");
    for (int i = 0; i < 500; i++) {
      StoredProperties properties =
          new StoredProperties(
              new ObjectProperties(map(random), map(random), map(random), map(random)),
              random.nextBoolean());
      assertThat(StoredProperties.decode(properties.encode())).isEqualTo(properties);
    }
  }

  private static SortedMap<String, String> map(Random random) {
    SortedMap<String, String> map = new TreeMap<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      map.put(text(random), text(random));
    }
    return map;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(10) == 0 ? 300 : 10); i > 0; i--) {
      text.appendCodePoint("aZ-/ é€𝄞\u0000\uffff".codePointAt(random.nextInt(5)));
    }
    return text.toString();
  }

  @Test
  void damagedBytesAreCorruptAndNeverAnotherException() {
    Random random = Seeds.random("damagedBytesAreCorruptAndNeverAnotherException");
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes =
          new StoredProperties(
                  new ObjectProperties(map(random), map(random), map(random), map(random)), false)
              .encode();
      byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      for (int flips = random.nextInt(3); flips > 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        StoredProperties.decode(damaged);
      } catch (EngineException e) {
        assertThat(e.code()).isIn(ErrorCode.CORRUPT, ErrorCode.NOT_SUPPORTED);
      }
    }
  }

  @Test
  void everyTruncationIsCorrupt() {
    byte[] bytes =
        StoredProperties.of(
                properties(
                    Map.of("content-type", "text/plain"), Map.of("k", "v"), Map.of(), Map.of()))
            .encode();
    for (int length = 0; length < bytes.length; length++) {
      byte[] shorter = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> StoredProperties.decode(shorter))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
  }

  @Test
  void moreThanTheBoundIsRefusedBeforeItIsStored() {
    ObjectProperties large =
        properties(
            Map.of("x", "y".repeat(StoredProperties.MAX_BYTES)), Map.of(), Map.of(), Map.of());
    assertThatThrownBy(() -> StoredProperties.of(large).encode())
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void aLaterVersionIsNotGuessedAt() {
    byte[] bytes = StoredProperties.of(ObjectProperties.NONE).encode();
    bytes[0] = 2;
    assertThatThrownBy(() -> StoredProperties.decode(bytes))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED));
  }
}
