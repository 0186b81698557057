package io.walrus.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README says what is true: its code compiles, its links lead somewhere, its embedded start
 * runs.
 */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("walrus.root", ".."));
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

    @TempDir private Path dir;

    @Test
    void everyJavaBlockIsCompiledCode() throws IOException {
        String compiled =
                Files.readString(
                        ROOT.resolve(
                                "integration-tests/src/test/java/io/walrus/it/docs/ReadmeSnippets.java"));
        List<String> blocks = blocks();
        assertThat(blocks).isNotEmpty();
        assertThat(blocks)
                .allSatisfy(block -> assertThat(compiled).containsIgnoringWhitespaces(block));
    }

    private static List<String> blocks() throws IOException {
        var blocks = new ArrayList<String>();
        var matcher = JAVA_BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    @Test
    void everyLinkOfEveryPageLeadsToAFile() throws IOException {
        var pages = new ArrayList<Path>();
        for (String folder :
                List.of(
                        ".",
                        "wal",
                        "wal/docs",
                        "raft-metadata",
                        "raft-metadata/docs",
                        "client-sdk",
                        "node/docs")) {
            Path path = ROOT.resolve(folder);
            if (Files.isDirectory(path)) {
                try (var files = Files.list(path)) {
                    files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
                }
            }
        }
        var broken = new ArrayList<String>();
        for (Path page : pages) {
            var links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                String link = links.group(1);
                if (!link.startsWith("http") && !Files.exists(page.resolveSibling(link))) {
                    broken.add(ROOT.relativize(page) + " → " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theEmbeddedStartRuns() {
        ReadmeSnippets.embeddedLog(dir);
        assertThat(dir).isNotEmptyDirectory();
    }
}
