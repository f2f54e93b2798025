package io.forebay.engine.bucket;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.WriteCondition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules of design section 7, on maps in memory: one bucket, as both protocols see it. */
final class TreeModel {
  sealed interface Node {}

  /** A regular file; names share it when it has several. */
  static final class File implements Node {
    byte[] bytes = {};

    /** What S3 gave it, while the content is that; else it is opaque. */
    Optional<String> etag = Optional.empty();

    ObjectProperties properties = ObjectProperties.NONE;

    void edit(byte[] content) {
      bytes = content;
      etag = Optional.empty();
      properties = properties.withChecksums(Map.of());
    }
  }

  static final class Link implements Node {}

  static final class Directory implements Node {
    final TreeMap<String, Node> children = new TreeMap<>();
    boolean implicit;
    boolean explicit;
    boolean keeps;
    ObjectProperties properties = ObjectProperties.NONE;
  }

  final Directory root = new Directory();

  // --- paths

  /** A place: the directories to it, as far as they exist, and the last name. */
  private record Place(
      List<Directory> directories, List<String> missing, boolean blocked, String name) {
    Directory deepest() {
      return directories.getLast();
    }

    @Nullable Node target() {
      return blocked || !missing.isEmpty() ? null : deepest().children.get(name);
    }
  }

  private Place place(String key) {
    String path = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
    List<String> names = Arrays.asList(path.split("/", -1));
    List<Directory> directories = new ArrayList<>(List.of(root));
    for (int i = 0; i < names.size() - 1; i++) {
      Node next = directories.getLast().children.get(names.get(i));
      if (next == null) {
        return new Place(directories, names.subList(i, names.size() - 1), false, names.getLast());
      }
      if (!(next instanceof Directory directory)) {
        return new Place(directories, List.of(), true, names.getLast());
      }
      directories.add(directory);
    }
    return new Place(directories, List.of(), false, names.getLast());
  }

  @Nullable Node find(String path) {
    return path.isEmpty() ? root : place(path).target();
  }

  /** The object of a key, if it is one. */
  @Nullable Node object(String key) {
    Node there = find(key);
    if (key.endsWith("/")) {
      return there instanceof Directory directory && directory.explicit ? directory : null;
    }
    return there instanceof File ? there : null;
  }

  // --- S3

  private static EngineException refused(ErrorCode code) {
    return new EngineException(code, "the model refuses");
  }

  private Place checked(String key, WriteCondition condition, @Nullable String etag) {
    Place place = place(key);
    Node there = place.target();
    boolean directoryKey = key.endsWith("/");
    if (place.blocked() || (directoryKey && there != null && !(there instanceof Directory))) {
      throw refused(ErrorCode.OBJECT_PARENT_IS_FILE);
    }
    if (!directoryKey && there instanceof Directory) {
      throw refused(ErrorCode.OBJECT_IS_DIRECTORY);
    }
    boolean isObject = object(key) != null;
    switch (condition) {
      case WriteCondition.Always always -> {}
      case WriteCondition.IfAbsent absent -> {
        if (directoryKey ? isObject : there != null) {
          throw refused(ErrorCode.CONDITION_FAILED);
        }
      }
      case WriteCondition.IfMatches matches -> {
        if (!isObject) {
          throw refused(ErrorCode.NOT_FOUND);
        }
        if (!matches.etag().equals("*") && !matches.etag().equals(etag)) {
          throw refused(ErrorCode.CONDITION_FAILED);
        }
      }
    }
    return place;
  }

  /**
   * Puts a file.
   *
   * @param current the ETag that the object there has now
   */
  void put(
      String key,
      byte[] bytes,
      String etag,
      ObjectProperties properties,
      WriteCondition condition,
      @Nullable String current) {
    Place place = checked(key, condition, current);
    if (key.endsWith("/")) {
      if (bytes.length > 0) {
        throw refused(ErrorCode.DIRECTORY_OBJECT_HAS_DATA);
      }
      putDirectory(place, properties);
      return;
    }
    File file = new File();
    file.bytes = bytes;
    file.etag = Optional.of(etag);
    file.properties = properties;
    makeMissing(place).children.put(place.name(), file);
  }

  private static Directory makeMissing(Place place) {
    Directory directory = place.deepest();
    for (String name : place.missing()) {
      directory = implicitIn(directory, name);
    }
    return directory;
  }

  private static Directory implicitIn(Directory parent, String name) {
    Directory child = new Directory();
    child.implicit = true;
    parent.children.put(name, child);
    return child;
  }

  private static void putDirectory(Place place, ObjectProperties properties) {
    Directory directory =
        place.target() instanceof Directory there
            ? there
            : implicitIn(makeMissing(place), place.name());
    directory.keeps = directory.explicit ? directory.keeps : !directory.implicit;
    directory.explicit = true;
    directory.implicit = false;
    directory.properties = properties;
  }

  boolean delete(String key) {
    Node object = object(key);
    if (object == null) {
      return false;
    }
    Place place = place(key);
    if (object instanceof Directory directory) {
      directory.explicit = false;
      directory.properties = ObjectProperties.NONE;
      if (!directory.keeps) {
        directory.implicit = true;
        if (directory.children.isEmpty()) {
          place.deepest().children.remove(place.name());
        }
      }
    } else {
      place.deepest().children.remove(place.name());
    }
    prune(key);
    return true;
  }

  private void prune(String key) {
    List<Directory> chain = place(key).directories();
    for (int i = chain.size() - 1; i > 0; i--) {
      Directory directory = chain.get(i);
      if (!directory.implicit || !directory.children.isEmpty()) {
        return;
      }
      chain.get(i - 1).children.values().remove(directory);
    }
  }

  // --- what listings show

  /** All keys, with what they name. */
  Map<String, Node> objects() {
    Map<String, Node> all = new TreeMap<>();
    collect("", root, all);
    return all;
  }

  private static void collect(String path, Directory directory, Map<String, Node> all) {
    directory.children.forEach((name, node) -> {
      switch (node) {
        case File file -> all.put(path + name, file);
        case Link link -> {}
        case Directory child -> {
          if (child.explicit) {
            all.put(path + name + "/", child);
          }
          collect(path + name + "/", child, all);
        }
      }
    });
  }

  /** Paths of all nodes, the root's empty. */
  Map<String, Node> nodes() {
    Map<String, Node> all = new TreeMap<>();
    all.put("", root);
    gather("", root, all);
    return all;
  }

  private static void gather(String path, Directory directory, Map<String, Node> all) {
    directory.children.forEach((name, node) -> {
      all.put(path + name, node);
      if (node instanceof Directory child) {
        gather(path + name + "/", child, all);
      }
    });
  }
}
