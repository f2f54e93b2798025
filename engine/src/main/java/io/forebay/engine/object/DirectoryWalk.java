package io.forebay.engine.object;

import io.forebay.engine.object.ObjectStore.Stat;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Walks a directory depth first so that the files come in key order: a directory sorts as its name
 * and a slash. Skips subtrees that cannot hold a key that is wanted. Keys are ASCII, so that the
 * order of characters is the order of bytes.
 */
final class DirectoryWalk {
  private final Path root;
  private final String prefix;
  private final String after;
  private final int limit;

  DirectoryWalk(Path root, String prefix, String after, int limit) {
    this.root = root;
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
  }

  /** Adds up to the limit; what vanishes during the walk is not there. */
  void collect(List<Stat> found) throws IOException {
    collect(root, "", found);
  }

  private void collect(Path directory, String path, List<Stat> found) throws IOException {
    for (String name : sortedNames(directory, path)) {
      if (found.size() >= limit) {
        return;
      }
      String key = path + name;
      if (name.endsWith("/")) {
        collect(directory.resolve(name), key, found);
      } else {
        addFile(directory.resolve(name), key, found);
      }
    }
  }

  private static void addFile(Path file, String key, List<Stat> found) throws IOException {
    try {
      found.add(
          DirectoryObjectStore.statOf(key, Files.readAttributes(file, BasicFileAttributes.class)));
    } catch (NoSuchFileException e) {
      // Deleted since its directory was read: not there.
    }
  }

  private List<String> sortedNames(Path directory, String path) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.startsWith("~")) {
          continue;
        }
        String sortKey = Files.isDirectory(entry) ? name + "/" : name;
        if (isWanted(path + sortKey)) {
          names.add(sortKey);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    return names;
  }

  private boolean isWanted(String path) {
    if (path.endsWith("/")) {
      boolean mayMatch = path.startsWith(prefix) || prefix.startsWith(path);
      boolean mayFollow = path.compareTo(after) > 0 || after.startsWith(path);
      return mayMatch && mayFollow;
    }
    return path.startsWith(prefix) && path.compareTo(after) > 0;
  }
}
