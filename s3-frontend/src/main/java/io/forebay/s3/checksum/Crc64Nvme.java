package io.forebay.s3.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME (NVM Express NVM Command Set specification 1.0, section 5.2.1.3.4): polynomial {@code
 * 0xAD93D23594C93659}, reflected, all ones before and after. Eight bytes at a time by eight tables.
 */
public final class Crc64Nvme implements Checksum {
  /** The polynomial with its bits reversed. */
  static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

  private static final int SLICES = 8;
  private static final long[] TABLE = table();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Complemented, as it runs. */
  private long state = -1;

  /** Entry {@code 256 * s + b}: byte b followed by s zero bytes. */
  private static long[] table() {
    long[] table = new long[256 * SLICES];
    for (int b = 0; b < 256; b++) {
      long crc = b;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
      }
      table[b] = crc;
    }
    for (int i = 256; i < table.length; i++) {
      long shorter = table[i - 256];
      table[i] = table[(int) shorter & 0xff] ^ shorter >>> 8;
    }
    return table;
  }

  @Override
  public void update(int b) {
    state = TABLE[((int) state ^ b) & 0xff] ^ state >>> 8;
  }

  @Override
  public void update(byte[] b, int off, int len) {
    int end = off + len;
    int i = off;
    long crc = state;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      crc = fold(crc ^ (long) LONGS.get(b, i));
    }
    state = crc;
    for (; i < end; i++) {
      update(b[i]);
    }
  }

  @Override
  public void update(ByteBuffer data) {
    if (data.hasArray()) {
      update(data.array(), data.arrayOffset() + data.position(), data.remaining());
      data.position(data.limit());
      return;
    }
    ByteOrder order = data.order();
    data.order(ByteOrder.LITTLE_ENDIAN);
    long crc = state;
    while (data.remaining() >= Long.BYTES) {
      crc = fold(crc ^ data.getLong());
    }
    state = crc;
    while (data.hasRemaining()) {
      update(data.get());
    }
    data.order(order);
  }

  private static long fold(long mixed) {
    int low = (int) mixed;
    int high = (int) (mixed >>> 32);
    return TABLE[7 * 256 + (low & 0xff)]
        ^ TABLE[6 * 256 + (low >>> 8 & 0xff)]
        ^ TABLE[5 * 256 + (low >>> 16 & 0xff)]
        ^ TABLE[4 * 256 + (low >>> 24)]
        ^ TABLE[3 * 256 + (high & 0xff)]
        ^ TABLE[2 * 256 + (high >>> 8 & 0xff)]
        ^ TABLE[256 + (high >>> 16 & 0xff)]
        ^ TABLE[high >>> 24];
  }

  @Override
  public long getValue() {
    return ~state;
  }

  @Override
  public void reset() {
    state = -1;
  }
}
