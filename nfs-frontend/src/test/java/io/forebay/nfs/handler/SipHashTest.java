package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SipHashTest {
  /** The key 00 01 .. 0f of the paper. */
  private static final SipHash PAPER = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  @Test
  void givesTheValueOfThePapersAppendix() {
    assertThat(PAPER.hash(counting(15), 15)).isEqualTo(0xa129ca6149be45e5L);
  }

  @Test
  void givesTheReferenceValuesForNothingAndForWholeWords() {
    assertThat(PAPER.hash(counting(0), 0)).isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(PAPER.hash(counting(8), 8)).isEqualTo(0x93f5f5799a932462L);
  }

  @Test
  void looksAtNothingBeyondTheLength() {
    assertThat(PAPER.hash(counting(40), 15)).isEqualTo(0xa129ca6149be45e5L);
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
