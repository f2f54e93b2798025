package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.xdr.Opaque;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 14.5 and 15.1.3: names. */
class NameRulesTest {
  @Test
  void anEmptyNameIsInvalid() {
    assertThat(refusal("")).isEqualTo(NfsStatus.INVAL);
  }

  @Test
  void aNameHas255BytesAtMost() {
    assertThat(NameRules.require(Opaque.of("é".repeat(127) + "e")).length()).isEqualTo(255);
    assertThat(refusal("é".repeat(128))).isEqualTo(NfsStatus.NAMETOOLONG);
  }

  @Test
  void dotsAreBadNamesWhenNothingElseIsThere() {
    assertThat(refusal(".")).isEqualTo(NfsStatus.BADNAME);
    assertThat(refusal("..")).isEqualTo(NfsStatus.BADNAME);
    assertThat(NameRules.require(Opaque.of("...")).toString()).isEqualTo("...");
    assertThat(NameRules.require(Opaque.of(".a")).toString()).isEqualTo(".a");
  }

  @Test
  void slashAndNulAreBadCharacters() {
    assertThat(refusal("a/b")).isEqualTo(NfsStatus.BADCHAR);
    assertThat(refusal("a\0b")).isEqualTo(NfsStatus.BADCHAR);
  }

  @Test
  void bytesThatAreNoUtf8AreAName() {
    byte[] latin1 = {'n', (byte) 0xe9};

    assertThat(NameRules.require(Opaque.of(latin1)).toBytes()).isEqualTo(latin1);
  }

  private static NfsStatus refusal(String name) {
    NfsException[] caught = new NfsException[1];
    assertThatExceptionOfType(NfsException.class)
        .isThrownBy(() -> NameRules.require(Opaque.of(name)))
        .satisfies(e -> caught[0] = e);
    return caught[0].status();
  }
}
