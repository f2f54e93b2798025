package io.forebay.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.Durability;
import io.forebay.nfs.ClientRule;
import io.forebay.nfs.ClientRule.Squash;
import io.forebay.nfs.Export;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** exports(5), as far as it holds here. */
class ExportLineTest {
  private static final int NOBODY = 65534;

  @Test
  void aClientWithoutOptionsMayReadAndItsRootIsNobody() {
    ExportLine line = ExportLine.parse("/research 10.0.0.0/8");

    assertThat(line.path()).isEqualTo("/research");
    assertThat(line.durability()).isEmpty();
    assertThat(line.clients())
        .containsExactly(new ClientRule("10.0.0.0/8", true, Squash.ROOT, NOBODY, NOBODY));
  }

  @Test
  void optionsInParenthesesAreTheClientsOwn() {
    ExportLine line =
        ExportLine.parse(
            "/ 10.0.0.1(rw,no_root_squash) 10.0.0.2(rw,all_squash,anonuid=7,anongid=4294967294)"
                + " ::1(ro)");

    assertThat(line.clients())
        .containsExactly(
            new ClientRule("10.0.0.1", false, Squash.NONE, NOBODY, NOBODY),
            new ClientRule("10.0.0.2", false, Squash.ALL, 7, -2),
            new ClientRule("::1", true, Squash.ROOT, NOBODY, NOBODY));
  }

  @Test
  void optionsBehindADashHoldForTheClientsBehindThem() {
    ExportLine line =
        ExportLine.parse(
            "/ 10.0.0.1 -rw,no_root_squash 10.0.0.2 10.0.0.3(ro) -all_squash 10.0.0.4");

    assertThat(line.clients())
        .containsExactly(
            new ClientRule("10.0.0.1", true, Squash.ROOT, NOBODY, NOBODY),
            new ClientRule("10.0.0.2", false, Squash.NONE, NOBODY, NOBODY),
            new ClientRule("10.0.0.3", true, Squash.NONE, NOBODY, NOBODY),
            new ClientRule("10.0.0.4", false, Squash.ALL, NOBODY, NOBODY));
  }

  @Test
  void aStarStandsForEveryAddressOfEitherKind() throws Exception {
    ExportLine line = ExportLine.parse("/ *(rw)");

    assertThat(line.clients())
        .anyMatch(rule -> rule.matches(InetAddress.ofLiteral("192.0.2.7")))
        .anyMatch(rule -> rule.matches(InetAddress.ofLiteral("2001:db8::7")))
        .noneMatch(ClientRule::readOnly);
  }

  @Test
  void theMostSpecificRangeDecidesWhereverItStands() {
    Export export =
        ExportLine.parse("/ *(ro) 10.0.0.0/8(rw) 10.1.2.3(rw,no_root_squash) 10.1.0.0/16(ro)")
            .export(Durability.LOCAL);

    assertThat(first(export, "10.1.2.3").squash()).isEqualTo(Squash.NONE);
    assertThat(first(export, "10.1.9.9").readOnly()).isTrue();
    assertThat(first(export, "10.9.9.9").readOnly()).isFalse();
    assertThat(first(export, "192.0.2.1").readOnly()).isTrue();
  }

  private static ClientRule first(Export export, String address) {
    return export.clients().stream()
        .filter(rule -> rule.matches(InetAddress.ofLiteral(address)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theDurabilityIsTheExportsOrTheVolumes() {
    ExportLine line = ExportLine.parse("/archive -durability=bucket,rw 10.1.0.0/16");

    assertThat(line.durability()).isEqualTo(Optional.of(Durability.BUCKET));
    assertThat(line.clients().getFirst().readOnly()).isFalse();
    assertThat(line.export(Durability.LOCAL).durability()).isEqualTo(Durability.BUCKET);
    assertThat(ExportLine.parse("/ *").export(Durability.BUCKET).durability())
        .isEqualTo(Durability.BUCKET);
  }

  @Test
  void quotesKeepBlanksInAPath() {
    assertThat(ExportLine.parse("\"/two words\" *").path()).isEqualTo("/two words");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~~                                | begins with a path
          data *                            | begins with a path
          /                                 | names no client
          / -rw                             | names no client
          /a//b *                           | empty
          /a/../b *                         | ..
          / host.example.com(rw)            | is not an address
          / @netgroup(rw)                   | is not an address
          / 10.0.0.0/33                     | is not an address
          / 10.0.0.0/8 (rw)                 | leave no blank
          / 10.0.0.0/8(rw                   | not closed
          / 10.0.0.0/8(rw)ro                | not closed
          / "10.0.0.0/8                     | quote is not closed
          / *(async)                        | "async" is no option
          / *(rw,ro)                        | ro contradicts or repeats rw
          / *(root_squash,no_root_squash)   | contradicts
          / *(anonuid=-1)                   | is not a number from 0 to 4294967294
          / *(anonuid=4294967295)           | is not a number from 0 to 4294967294
          / *(anongid=99999999999999999999) | is not a number
          / *(anongid=)                     | is not a number
          / *(anonuid)                      | is no option
          / *(durability=bucket)            | is no option
          / -durability=cloud *             | neither local nor bucket
          / 10.0.0.1 10.0.0.1(rw)           | twice
          """)
  void aMistakeIsNamed(String text, String message) {
    assertThatThrownBy(() -> ExportLine.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
