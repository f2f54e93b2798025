package io.forebay.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.EngineException;
import io.forebay.engine.segment.Machine.Written;
import io.forebay.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes at every single change of a file in turn; what was acknowledged is there
 * afterwards, byte for byte, and reaches the bucket (design section 5).
 */
@Timeout(120)
class PowerCutTest {
  private static final int ROUNDS = 1;
  private final Random random = Seeds.random("PowerCutTest");

  /** Writes that were answered, and what was not. */
  private static final class Session {
    final List<Written> acknowledged = new ArrayList<>();
    final List<Written> deleted = new ArrayList<>();
  }

  @Test
  void whatWasAcknowledgedIsThereWheneverThePowerGoes(@TempDir Path home) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      int moment = 0;
      boolean cut = true;
      while (cut) {
        cut = crashAfter(moment, home.resolve(round + "-" + moment));
        moment++;
      }
      assertThat(moment).as("moments to cut the power at").isGreaterThan(25);
    }
  }

  /** Whether the power went before all was done. */
  private boolean crashAfter(int moment, Path home) throws IOException {
    try (Machine machine = new Machine(home, random).start()) {
      Session session = new Session();
      machine.files.cutPowerAfter(moment);
      work(machine, session);
      boolean cut = machine.files.isOff();

      machine.loseOfPower();
      assertThat(machine.problems.list()).as("after moment %d", moment).isEmpty();
      for (Written each : session.acknowledged) {
        machine.assertReadable(each);
      }
      Written after = machine.write(Seeds.bytes(random, 1000));
      session.acknowledged.add(after);
      // Once more, in the middle of what recovery does.
      machine.files.cutPowerAfter(random.nextInt(4));
      machine.staging().drain(Duration.ofMillis(20));
      machine.loseOfPower();
      for (Written each : session.acknowledged) {
        machine.assertReadable(each);
      }
      machine.drain();
      for (Written each : session.acknowledged) {
        machine.assertStored(each);
      }
      assertThat(machine.ledger.unstored()).isEmpty();
      assertThat(machine.problems.list()).isEmpty();
      assertThat(machine.stagedFiles()).isEmpty();
      return cut;
    }
  }

  private void work(Machine machine, Session session) {
    try (AppendStream large = machine.staging().open(10 << 20)) {
      session.acknowledged.add(machine.write(bytes(3000)));
      session.acknowledged.add(machine.write(large, bytes(150_000)));
      // Appended and never committed.
      machine.unpin(machine.append(large, bytes(4000)));
      session.acknowledged.add(machine.write(large, bytes(150_000)));
      drainWhileThereIsPower(machine);
      // Committed after it was stored.
      Written late = machine.append(machine.staging().open(-1), bytes(700));
      machine.staging().sync(late.segments());
      drainWhileThereIsPower(machine);
      machine.commit(late);
      session.acknowledged.add(late);
      machine.unpin(late);
      drainWhileThereIsPower(machine);
      // Deleted while it waits for its upload.
      Written gone = machine.write(bytes(900));
      session.acknowledged.add(machine.write(bytes(800)));
      machine.delete(gone);
      session.deleted.add(gone);
      drainWhileThereIsPower(machine);
      session.acknowledged.add(machine.write(bytes(66_000)));
    } catch (EngineException e) {
      assertThat(machine.files.isOff()).as("fails only for the power: %s", e).isTrue();
    }
  }

  private static void drainWhileThereIsPower(Machine machine) {
    Machine.awaitTrue(() -> {
      if (!machine.files.isOff() && machine.staging().drain(Duration.ofMillis(20))) {
        machine.staging().runOnce();
      }
      return machine.files.isOff() || machine.staging().stagedBytes() == 0;
    });
  }

  private byte[] bytes(int length) {
    return Seeds.bytes(random, length);
  }
}
