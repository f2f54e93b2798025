package io.forebay.nfs.op;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.forebay.nfs.attr.AttributeDecoder;
import io.forebay.nfs.attr.AttributeException;
import io.forebay.nfs.attr.RawAttributes;
import io.forebay.nfs.op.NfsOp.OpenHow;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;
import java.nio.ByteBuffer;

/**
 * COMPOUND4args from anybody. Without {@code JAZZER_FUZZ=1} the kept inputs are run again; with it,
 * new ones are looked for.
 */
class CompoundFuzzTest {
  private static final int MAX_OPERATIONS = 16;

  @FuzzTest(maxDuration = "60s")
  void anyBytesAreARequestOrRefused(byte[] bytes) {
    decodeAny(bytes);
  }

  /** Reads what there is, down to the attributes. */
  static void decodeAny(byte[] bytes) {
    CompoundRequest request;
    try {
      request = CompoundRequest.decode(new XdrReader(ByteBuffer.wrap(bytes)), MAX_OPERATIONS);
    } catch (XdrException refused) {
      return;
    }
    assertThat(request.operations().size()).isLessThanOrEqualTo(MAX_OPERATIONS);
    assertThat(request.count()).isNotNegative();
    for (NfsOp op : request.operations()) {
      assertThat(op.code()).isNotNull();
      switch (op) {
        case NfsOp.SetAttr set -> decodeAny(set.attributes());
        case NfsOp.Create create -> decodeAny(create.attributes());
        case NfsOp.Verify verify -> decodeAny(verify.attributes());
        case NfsOp.Open open -> {
          switch (open.how()) {
            case OpenHow.NoCreate none -> {}
            case OpenHow.Unchecked unchecked -> decodeAny(unchecked.attributes());
            case OpenHow.Guarded guarded -> decodeAny(guarded.attributes());
            case OpenHow.Exclusive exclusive -> decodeAny(exclusive.attributes());
          }
        }
        case NfsOp.Write write ->
            assertThat(write.data().remaining()).isLessThanOrEqualTo(bytes.length);
        default -> {}
      }
    }
  }

  private static void decodeAny(RawAttributes attributes) {
    try {
      assertThat(AttributeDecoder.decode(attributes)).isNotNull();
    } catch (AttributeException refused) {
      assertThat(refused.problem()).isNotNull();
    }
  }
}
