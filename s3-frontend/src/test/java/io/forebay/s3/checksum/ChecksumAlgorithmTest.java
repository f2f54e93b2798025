package io.forebay.s3.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Values from the CRC catalogue, the NVMe specification and RFC 6234. */
class ChecksumAlgorithmTest {
  @ParameterizedTest
  @CsvSource({
    "CRC32, cbf43926",
    "CRC32C, e3069283",
    "CRC64NVME, ae8b14860a799888",
    "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  })
  void ofTheNineDigits(ChecksumAlgorithm algorithm, String expected) {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(hex(algorithm, ByteBuffer.wrap(digits))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 6482d367eb22b64e", "255, c0ddba7302eca3ac"})
  void crc64NvmeOfPagesOfOneByte(int value, String expected) {
    byte[] page = new byte[4096];
    Arrays.fill(page, (byte) value);
    assertThat(hex(ChecksumAlgorithm.CRC64NVME, ByteBuffer.wrap(page))).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(ChecksumAlgorithm.class)
  void doesNotDependOnHowBytesArrive(ChecksumAlgorithm algorithm) {
    Random random = Seeds.random("doesNotDependOnHowBytesArrive");
    byte[] bytes = Seeds.bytes(random, 10_000 + random.nextInt(100));
    String whole = hex(algorithm, ByteBuffer.wrap(bytes));
    ContentDigest pieces = algorithm.start();
    int position = 0;
    while (position < bytes.length) {
      int length = Math.min(bytes.length - position, random.nextInt(50));
      ByteBuffer piece = ByteBuffer.wrap(bytes, position, length);
      if (random.nextBoolean()) {
        piece = ByteBuffer.allocateDirect(length).put(piece).flip();
      }
      pieces.update(piece);
      assertThat(piece.hasRemaining()).isFalse();
      position += length;
    }
    assertThat(HexFormat.of().formatHex(pieces.finish())).isEqualTo(whole);
  }

  @ParameterizedTest
  @EnumSource(
      value = ChecksumAlgorithm.class,
      names = {"CRC32", "CRC32C", "CRC64NVME"})
  void partsCombineToTheWhole(ChecksumAlgorithm algorithm) {
    Random random = Seeds.random("partsCombineToTheWhole");
    for (int round = 0; round < 50; round++) {
      byte[] bytes = Seeds.bytes(random, random.nextInt(5000));
      List<PartChecksums.Part> parts = new ArrayList<>();
      for (int position = 0; position < bytes.length || parts.isEmpty(); ) {
        int length = random.nextInt(bytes.length - position + 1);
        parts.add(part(algorithm, ByteBuffer.wrap(bytes, position, length)));
        position += length;
      }
      assertThat(PartChecksums.combine(algorithm, ChecksumType.FULL_OBJECT, parts))
          .isEqualTo(base64(algorithm, ByteBuffer.wrap(bytes)));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ChecksumAlgorithm.class,
      names = {"CRC32", "CRC32C", "CRC64NVME"})
  void lengthsBeyondIntCombine(ChecksumAlgorithm algorithm) {
    // Three parts of 3 GiB of zeroes each, joined in either order.
    long size = 3L << 30;
    String zero = base64(algorithm, ByteBuffer.allocate(0));
    assertThat(
            PartChecksums.combine(
                algorithm,
                ChecksumType.FULL_OBJECT,
                List.of(new PartChecksums.Part(zero, 0), new PartChecksums.Part(zero, 0))))
        .isEqualTo(zero);
    PartChecksums.Part mebibyte = part(algorithm, ByteBuffer.allocate(1 << 20));
    List<PartChecksums.Part> all = new ArrayList<>();
    for (int i = 0; i < 3 << 10; i++) {
      all.add(mebibyte);
    }
    String whole = PartChecksums.combine(algorithm, ChecksumType.FULL_OBJECT, all);
    PartChecksums.Part third = new PartChecksums.Part(whole, size);
    String left =
        PartChecksums.combine(
            algorithm,
            ChecksumType.FULL_OBJECT,
            List.of(
                new PartChecksums.Part(
                    PartChecksums.combine(
                        algorithm, ChecksumType.FULL_OBJECT, List.of(third, third)),
                    2 * size),
                third));
    String right =
        PartChecksums.combine(
            algorithm,
            ChecksumType.FULL_OBJECT,
            List.of(
                third,
                new PartChecksums.Part(
                    PartChecksums.combine(
                        algorithm, ChecksumType.FULL_OBJECT, List.of(third, third)),
                    2 * size)));
    assertThat(left).isEqualTo(right);
  }

  @Test
  void aCompositeIsTheChecksumOfTheChecksums() {
    List<PartChecksums.Part> parts =
        List.of(
            part(ChecksumAlgorithm.SHA256, ByteBuffer.wrap(new byte[] {1})),
            part(ChecksumAlgorithm.SHA256, ByteBuffer.wrap(new byte[] {2})));
    ByteBuffer values = ByteBuffer.allocate(64);
    parts.forEach(each -> values.put(Base64.getDecoder().decode(each.checksum())));
    assertThat(PartChecksums.combine(ChecksumAlgorithm.SHA256, ChecksumType.COMPOSITE, parts))
        .isEqualTo(base64(ChecksumAlgorithm.SHA256, values.flip()) + "-2");
  }

  @Test
  void aValueHasItsAlgorithmsLength() {
    assertThat(ChecksumAlgorithm.CRC32.isValue("AAAAAA==")).isTrue();
    assertThat(ChecksumAlgorithm.CRC32.isValue("AAAA")).isFalse();
    assertThat(ChecksumAlgorithm.CRC32.isValue("AAAAAA*=")).isFalse();
    assertThat(ChecksumAlgorithm.CRC64NVME.isValue("AAAAAAAAAAA=")).isTrue();
  }

  private static PartChecksums.Part part(ChecksumAlgorithm algorithm, ByteBuffer bytes) {
    int size = bytes.remaining();
    return new PartChecksums.Part(base64(algorithm, bytes), size);
  }

  private static String base64(ChecksumAlgorithm algorithm, ByteBuffer bytes) {
    ContentDigest digest = algorithm.start();
    digest.update(bytes);
    return Base64.getEncoder().encodeToString(digest.finish());
  }

  private static String hex(ChecksumAlgorithm algorithm, ByteBuffer bytes) {
    ContentDigest digest = algorithm.start();
    digest.update(bytes);
    return HexFormat.of().formatHex(digest.finish());
  }
}
