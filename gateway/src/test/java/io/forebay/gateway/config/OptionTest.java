package io.forebay.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionTest {
  @Test
  void theTableHasEveryOptionOnceAndInTheOrderOfTheirNames() throws IllegalAccessException {
    List<Option<?>> constants = new ArrayList<>();
    for (var field : Option.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers()) && field.get(null) instanceof Option<?> option) {
        constants.add(option);
      }
    }

    assertThat(Option.all()).containsExactlyElementsOf(constants).hasSizeGreaterThan(30);
  }

  @Test
  void keyVariableAndFlagFollowFromOneName() {
    assertThat(Option.S3_VIRTUAL_HOST_SUFFIX.key()).isEqualTo("s3.virtual_host_suffix");
    assertThat(Option.S3_VIRTUAL_HOST_SUFFIX.table()).isEqualTo("s3");
    assertThat(Option.S3_VIRTUAL_HOST_SUFFIX.variable())
        .isEqualTo("FOREBAY_S3_VIRTUAL_HOST_SUFFIX");
    assertThat(Option.S3_VIRTUAL_HOST_SUFFIX.flag()).contains("--s3-virtual-host-suffix");
    assertThat(Option.ROOT_SECRET_KEY.variable()).isEqualTo("FOREBAY_ROOT_SECRET_KEY");
    assertThat(Option.ROOT_SECRET_KEY.flag()).isEmpty();
    assertThat(Option.BUCKET_URL.flag()).contains("--bucket-url");
  }

  @Test
  void noSpellingMeansTwoOptions() {
    Set<String> spellings = new HashSet<>();
    for (Option<?> option : Option.all()) {
      assertThat(spellings.add(option.key())).as(option.key()).isTrue();
      assertThat(spellings.add(option.variable())).as(option.variable()).isTrue();
      option.flag().ifPresent(flag -> assertThat(spellings.add(flag)).as(flag).isTrue());
    }
  }

  @Test
  void theKeysOfATableStandTogetherAndThoseAtTheTopFirst() {
    List<String> tables = Option.all().stream().map(Option::table).distinct().toList();
    List<String> changes = new ArrayList<>();
    for (Option<?> option : Option.all()) {
      if (changes.isEmpty() || !changes.getLast().equals(option.table())) {
        changes.add(option.table());
      }
    }

    assertThat(changes).isEqualTo(tables).startsWith("");
  }

  @Test
  void defaultsAndExamplesAreValuesAndEveryOptionIsDescribed() {
    assertThat(Option.all())
        .allSatisfy(option -> {
          assertThat(option.read(List.of(option.example()))).isNotNull();
          assertThat(option.description()).endsWith(".");
          assertThat(option.form()).isNotEmpty();
          assertThat(option.defaultText().isEmpty()).isEqualTo(!option.otherwise().isEmpty());
        });
  }
}
