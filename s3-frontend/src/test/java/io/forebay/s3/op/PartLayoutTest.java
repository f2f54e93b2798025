package io.forebay.s3.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.ByteRange;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectProperties;
import io.forebay.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartLayoutTest {
  private static Optional<PartLayout> kept(PartLayout layout) {
    Map<String, String> kept =
        layout.text().map(text -> Map.of(PartLayout.KEY, text)).orElse(Map.of());
    return PartLayout.of(
        new ObjectInfo(
            ObjectKey.of("a"),
            "x-2",
            0,
            0,
            ObjectProperties.NONE.withChecksums(kept),
            new InodeId(1),
            0));
  }

  @Test
  void isWrittenInRuns() {
    assertThat(PartLayout.of(List.of(5L, 5L, 5L, 7L, 5L)).text()).hasValue("5*3,7*1,5*1");
  }

  @Test
  void partsLieOneAfterTheOther() {
    Random random = Seeds.random("partsLieOneAfterTheOther");
    for (int round = 0; round < 200; round++) {
      List<Long> sizes = new ArrayList<>();
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        sizes.add(random.nextBoolean() ? 5L << 30 : random.nextLong(5L << 30));
      }
      PartLayout layout = kept(PartLayout.of(sizes)).orElseThrow();
      assertThat(layout.count()).isEqualTo(sizes.size());
      long offset = 0;
      for (int i = 0; i < sizes.size(); i++) {
        assertThat(layout.part(i + 1)).hasValue(new ByteRange(offset, sizes.get(i)));
        offset += sizes.get(i);
      }
      assertThat(layout.part(sizes.size() + 1)).isEmpty();
    }
  }

  @Test
  void tenThousandEqualPartsAreShort() {
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < 9_999; i++) {
      sizes.add(512L << 20);
    }
    sizes.add(1L);
    assertThat(PartLayout.of(sizes).text()).hasValue("536870912*9999,1*1");
  }

  @Test
  void noiseIsNotKept() {
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      sizes.add(6_000_000L + i);
    }
    assertThat(kept(PartLayout.of(sizes))).isEmpty();
  }
}
