package dev.earshot.registry.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Walks a directory in the order of keys. Memory holds the names of one folder per level, never the
 * whole store. A folder sorts as its name with a slash, so that {@code a-b} comes before {@code
 * a/b} as it does in a bucket.
 */
record LocalListing(String prefix, Consumer<ObjectStore.Stat> each) {
  /**
   * @param folder where
   * @param at the keys' beginning there: empty or ends with a slash
   */
  void walk(Path folder, String at) throws IOException {
    for (String name : names(folder, at)) {
      if (name.endsWith("/")) {
        walk(folder.resolve(name), at + name);
      } else {
        tell(folder.resolve(name), at + name);
      }
    }
  }

  private void tell(Path file, String key) throws IOException {
    ObjectStore.Stat stat;
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      stat = new ObjectStore.Stat(key, found.size(), found.lastModifiedTime().toInstant());
    } catch (NoSuchFileException e) {
      return;
    }
    each.accept(stat);
  }

  private List<String> names(Path folder, String at) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!ObjectKey.isPart(name)) {
          continue;
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          String inside = at + name + "/";
          if (inside.startsWith(prefix) || prefix.startsWith(inside)) {
            names.add(name + "/");
          }
        } else if ((at + name).startsWith(prefix)
            && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Pruned meanwhile.
      return List.of();
    }
    Collections.sort(names);
    return names;
  }
}
