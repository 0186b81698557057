package io.walrus.node.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Which files the demonstration streams. */
final class DemoFiles {

    private static final Set<String> FOLDERS_LEFT_OUT =
            Set.of("target", "data", "node_modules", "build");
    private static final long FILE_BYTES_MAX = 8L << 20;
    private static final int FILES_MAX = 5_000;

    private DemoFiles() {}

    /** The files that were named; each must be a readable file. */
    static List<Path> named(List<Path> files) throws IOException {
        for (Path file : files) {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new NoSuchFileException(file.toString(), null, "expected a readable file");
            }
        }
        return files;
    }

    /** The text files below a folder, hidden and built ones left out, in a stable order. */
    static List<Path> textBelow(Path folder) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a) {
                        String name = dir.getFileName() == null ? "" : dir.getFileName().toString();
                        boolean hidden = name.startsWith(".") && !dir.equals(folder);
                        return hidden || FOLDERS_LEFT_OUT.contains(name)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes a)
                            throws IOException {
                        if (a.isRegularFile()
                                && 0 < a.size()
                                && a.size() <= FILE_BYTES_MAX
                                && isText(file)) {
                            found.add(file);
                        }
                        return found.size() == FILES_MAX
                                ? FileVisitResult.TERMINATE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        Collections.sort(found);
        return found;
    }

    private static boolean isText(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (byte b : bytes) {
            if (b == 0) {
                return false;
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException binary) {
            return false;
        }
    }
}
