package io.forebay.nfs;

import io.forebay.engine.Durability;
import io.forebay.engine.FileName;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory of the volume that clients may mount.
 *
 * @param path absolute: "/" or "/a/b", without empty components, "." or ".."
 * @param clients the first rule that matches a client's address decides; none: refused
 * @param durability what acknowledgements over this export promise
 */
public record Export(String path, List<ClientRule> clients, Durability durability) {
  public Export {
    clients = List.copyOf(clients);
    List<FileName> unused = split(path);
  }

  /** The path's names, from the root; empty for "/". */
  public List<FileName> names() {
    return split(path);
  }

  private static List<FileName> split(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("an export's path begins with a slash: " + path);
    }
    List<FileName> names = new ArrayList<>();
    if (path.length() > 1) {
      for (String name : path.substring(1).split("/", -1)) {
        names.add(FileName.of(name));
      }
    }
    return List.copyOf(names);
  }
}
