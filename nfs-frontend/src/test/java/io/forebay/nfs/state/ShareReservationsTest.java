package io.forebay.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.nfs.op.NfsException;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 9.7 and 18.18. */
class ShareReservationsTest {
  private final ShareReservations<String> shares = new ShareReservations<>();

  @Test
  void denyingConflictsWithAccessBothWays() {
    shares.add("a", new ShareMode(ShareMode.READ, ShareMode.WRITE));

    assertThat(shares.conflicts("b", new ShareMode(ShareMode.WRITE, 0))).containsExactly("a");
    assertThat(shares.conflicts("b", new ShareMode(ShareMode.READ, ShareMode.READ)))
        .containsExactly("a");
    assertThat(shares.conflicts("b", new ShareMode(ShareMode.READ, ShareMode.WRITE))).isEmpty();
    assertThat(shares.conflicts("a", new ShareMode(ShareMode.WRITE, 0))).isEmpty();
  }

  @Test
  void opensOfAnOwnerAddUp() {
    shares.add("a", new ShareMode(ShareMode.READ, 0));
    shares.add("a", new ShareMode(ShareMode.WRITE, ShareMode.WRITE));

    assertThat(shares.held("a")).contains(new ShareMode(ShareMode.BOTH, ShareMode.WRITE));
    assertThat(shares.held("b")).isEmpty();
  }

  @Test
  void aDowngradeGoesBackToAUnionOfSomeOfTheOpens() {
    shares.add("a", new ShareMode(ShareMode.READ, 0));
    shares.add("a", new ShareMode(ShareMode.WRITE, ShareMode.WRITE));

    assertThat(shares.downgrade("a", new ShareMode(ShareMode.BOTH, 0))).isFalse();
    assertThat(shares.downgrade("a", new ShareMode(ShareMode.WRITE, 0))).isFalse();
    assertThat(shares.downgrade("a", new ShareMode(ShareMode.BOTH, ShareMode.WRITE))).isTrue();
    assertThat(shares.downgrade("a", new ShareMode(ShareMode.READ, 0))).isTrue();
    assertThat(shares.downgrade("a", new ShareMode(ShareMode.WRITE, ShareMode.WRITE)))
        .as("what was given up is not got back")
        .isFalse();
    assertThat(shares.conflicts("b", new ShareMode(ShareMode.WRITE, 0))).isEmpty();
  }

  @Test
  void oneOpenForBothIsNotTwoOpens() {
    shares.add("a", new ShareMode(ShareMode.BOTH, 0));

    assertThat(shares.downgrade("a", new ShareMode(ShareMode.READ, 0))).isFalse();
  }

  @Test
  void deniersAreKnownToWhoComesWithoutAnOpen() {
    shares.add("a", new ShareMode(ShareMode.READ, ShareMode.READ));

    assertThat(shares.deniers(ShareMode.READ)).containsExactly("a");
    assertThat(shares.deniers(ShareMode.WRITE)).isEmpty();
    shares.remove("a");
    assertThat(shares.isEmpty()).isTrue();
  }

  @Test
  void modesOutsideTheProtocolAreRefused() {
    for (int[] bad : new int[][] {{0, 0}, {4, 0}, {1, 4}, {1, -1}}) {
      assertThatThrownBy(() -> new ShareMode(bad[0], bad[1])).isInstanceOf(NfsException.class);
    }
  }
}
