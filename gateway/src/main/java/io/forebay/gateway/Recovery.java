package io.forebay.gateway;

import io.forebay.engine.EngineException;
import io.forebay.engine.assembly.VolumeRestoration;
import io.forebay.gateway.cli.ExitCode;
import io.forebay.gateway.cli.Invocation;
import java.io.IOException;
import java.io.PrintStream;

/** {@code forebay recover}: a volume again, from its bucket. */
final class Recovery {
  private Recovery() {}

  static ExitCode run(Invocation.Recover asked, World world, PrintStream out, PrintStream err) {
    VolumeRestoration.Request request =
        new VolumeRestoration.Request(
            asked.data().toAbsolutePath(), asked.bucketUrl(), asked.fromSegments(), asked.force());
    try {
      DataDirectory.createForOwner(request.dataDirectory());
      boolean whole =
          VolumeRestoration.run(
              request,
              world.time(),
              world.random(),
              line -> {
                out.println(line);
                out.flush();
              });
      return whole ? ExitCode.OK : ExitCode.FAILURE;
    } catch (EngineException e) {
      err.println("forebay: " + e.getMessage());
      return switch (e.code()) {
        case EXISTS, IO, NO_SPACE -> ExitCode.DATA_DIRECTORY;
        default -> ExitCode.BUCKET;
      };
    } catch (IOException e) {
      err.println("forebay: " + asked.data() + " cannot be made: " + e);
      return ExitCode.DATA_DIRECTORY;
    }
  }
}
