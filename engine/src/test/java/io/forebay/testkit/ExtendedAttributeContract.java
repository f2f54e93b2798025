package io.forebay.testkit;

import static io.forebay.engine.InodeId.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ExtendedAttribute;
import io.forebay.engine.ExtendedAttribute.Listed;
import io.forebay.engine.ExtendedAttribute.Presence;
import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Extended attributes, whoever implements {@link io.forebay.engine.FileSystem}. */
public abstract class ExtendedAttributeContract extends FileSystemSuite {
  private static final byte[] VALUE = "value".getBytes(StandardCharsets.UTF_8);

  private DirectoryChange set(InodeId inode, String name, byte[] value) {
    return fs().setExtendedAttribute(SU, inode, name, value, Presence.EITHER);
  }

  private byte[] get(InodeId inode, String name) {
    return fs().extendedAttribute(SU, inode, name);
  }

  @Test
  void whatIsSetIsKeptAcrossARenameAndACrash() {
    InodeId file = makeFile(ROOT, "f");
    long before = fs().attributes(file).change();
    DirectoryChange change = set(file, "n", VALUE);
    assertThat(change.before()).isEqualTo(before);
    assertThat(change.after()).isGreaterThan(before);
    assertThat(fs().attributes(file).change()).isEqualTo(change.after());
    set(file, "empty", new byte[0]);
    fs().rename(SU, ROOT, FileName.of("f"), ROOT, FileName.of("g"));
    world().crash();
    assertThat(get(file, "n")).isEqualTo(VALUE);
    assertThat(get(file, "empty")).isEmpty();
  }

  @Test
  void presenceIsDecidedWithTheChange() {
    InodeId file = makeFile(ROOT, "f");
    assertRefused(
        ErrorCode.NOT_FOUND,
        () -> fs().setExtendedAttribute(SU, file, "n", VALUE, Presence.PRESENT));
    fs().setExtendedAttribute(SU, file, "n", VALUE, Presence.NEW);
    assertRefused(
        ErrorCode.EXISTS, () -> fs().setExtendedAttribute(SU, file, "n", VALUE, Presence.NEW));
    fs().setExtendedAttribute(SU, file, "n", new byte[] {1}, Presence.PRESENT);
    assertThat(get(file, "n")).containsExactly(1);
    fs().removeExtendedAttribute(SU, file, "n");
    assertRefused(ErrorCode.NOT_FOUND, () -> get(file, "n"));
    assertRefused(ErrorCode.NOT_FOUND, () -> fs().removeExtendedAttribute(SU, file, "n"));
  }

  @Test
  void namesAreListedInPagesByCookie() {
    InodeId file = makeFile(ROOT, "f");
    InodeId other = makeFile(ROOT, "g");
    set(file, "a", VALUE);
    set(other, "x", VALUE);
    set(file, "b", VALUE);
    set(file, "c", VALUE);
    set(file, "a", new byte[0]);
    List<Listed> first = fs().extendedAttributes(SU, file, 0, 2);
    assertThat(first).extracting(Listed::name).containsExactly("a", "b");
    fs().removeExtendedAttribute(SU, file, "b");
    assertThat(fs().extendedAttributes(SU, file, first.getLast().cookie(), 9))
        .extracting(Listed::name)
        .containsExactly("c");
  }

  @Test
  void theBoundsHold() {
    InodeId file = makeFile(ROOT, "f");
    byte[] longest = new byte[ExtendedAttribute.MAX_VALUE_BYTES];
    Arrays.fill(longest, (byte) 7);
    set(file, "n", longest);
    assertThat(get(file, "n")).isEqualTo(longest);
    assertRefused(ErrorCode.FILE_TOO_LARGE, () -> set(file, "m", new byte[longest.length + 1]));
    for (int i = 0; i < 14; i++) {
      set(file, "n" + i, longest);
    }
    assertRefused(ErrorCode.NO_SPACE, () -> set(file, "last", longest));
    assertRefused(ErrorCode.NOT_FOUND, () -> get(file, "last"));
  }

  @Test
  void rightsAreThoseOfTheContent() {
    InodeId file = makeFile(ROOT, "f");
    fs().setAttributes(SU, file, AttributeChanges.mode(0640));
    set(file, "n", VALUE);
    assertRefused(ErrorCode.ACCESS_DENIED, () -> fs().extendedAttribute(ALICE, file, "n"));
    assertRefused(ErrorCode.ACCESS_DENIED, () -> fs().extendedAttributes(ALICE, file, 0, 9));
    fs().setAttributes(SU, file, AttributeChanges.mode(0644));
    assertThat(fs().extendedAttribute(ALICE, file, "n")).isEqualTo(VALUE);
    assertRefused(
        ErrorCode.ACCESS_DENIED,
        () -> fs().setExtendedAttribute(ALICE, file, "n", VALUE, Presence.EITHER));
    assertRefused(ErrorCode.ACCESS_DENIED, () -> fs().removeExtendedAttribute(ALICE, file, "n"));
  }

  @Test
  void aLinkBearsNone() {
    InodeId link =
        fs().createSymlink(SU, ROOT, FileName.of("l"), VALUE, AttributeChanges.mode(0777))
            .attributes()
            .inode();
    assertRefused(ErrorCode.WRONG_TYPE, () -> set(link, "n", VALUE));
    assertRefused(ErrorCode.WRONG_TYPE, () -> fs().extendedAttributes(SU, link, 0, 9));
  }
}
