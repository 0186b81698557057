package io.walrus.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that no compiler checks, over the source text of all modules. */
class TidyTest {

    private static final Path ROOT = Path.of(System.getProperty("walrus.root", ".."));
    private static final List<String> MODULES =
            List.of("wal", "raft-metadata", "client-sdk", "node", "integration-tests");
    private static final int CLASS_LINES_MAX = 600;

    /** Rooms that may talk to a person's terminal. */
    private static final Pattern SPEAKS_TO_PEOPLE =
            Pattern.compile(
                    "/io/walrus/(cli|node/demo|wal/tool|bench)/|NodeMain|NodeLogging|/src/(test|bench)/");

    @Test
    void noSourceFileIsLongerThanAReaderCanHold() throws IOException {
        assertThat(offending("production", (file, text) -> text.lines().count() > CLASS_LINES_MAX))
                .isEmpty();
    }

    @Test
    void everyRoomSaysWhatLivesThere() throws IOException {
        var silent = new ArrayList<Path>();
        for (Path file : sources("production")) {
            if (file.endsWith("module-info.java")) {
                continue;
            }
            Path info = file.resolveSibling("package-info.java");
            if (!Files.exists(info) || Files.readString(info).length() < 200) {
                silent.add(info);
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void noTestSleeps() throws IOException {
        assertThat(
                        offending(
                                "tests",
                                (file, text) ->
                                        !file.endsWith("TidyTest.java")
                                                && text.contains("Thread.sleep(")))
                .isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() throws IOException {
        var vague = Pattern.compile("(Manager|Helper|Utils?|Impl|Base|Common|Data|Info)\\.java$");
        assertThat(offending("all", (file, text) -> vague.matcher(file.toString()).find()))
                .isEmpty();
    }

    @Test
    void onlyTheMainReadsTheEnvironment() throws IOException {
        assertThat(
                        offending(
                                "production",
                                (file, text) ->
                                        text.contains("System.getenv")
                                                && !file.toString()
                                                        .matches(
                                                                ".*(NodeMain|NodeEnvironment|/cli/.*)\\.java")))
                .isEmpty();
    }

    @Test
    void librariesDoNotPrint() throws IOException {
        assertThat(
                        offending(
                                "production",
                                (file, text) ->
                                        (text.contains("System.out")
                                                        || text.contains("System.err")
                                                        || text.contains(".printStackTrace("))
                                                && !SPEAKS_TO_PEOPLE
                                                        .matcher(file.toString())
                                                        .find()))
                .isEmpty();
    }

    @Test
    void nothingNamesAMachineOrARegistry() throws IOException {
        var leak = Pattern.compile("/(root|home)/[a-z]|https?://(repo|nexus|artifactory)[^\\s]*");
        assertThat(
                        offending(
                                "all",
                                (file, text) ->
                                        !file.endsWith("TidyTest.java")
                                                && leak.matcher(text).find()))
                .isEmpty();
    }

    @Test
    void theTopLevelHoldsWhatItShould() throws IOException {
        try (Stream<Path> entries = Files.list(ROOT)) {
            assertThat(entries.map(p -> p.getFileName().toString()).filter(n -> !n.startsWith(".")))
                    .isSubsetOf(
                            "wal",
                            "raft-metadata",
                            "client-sdk",
                            "node",
                            "integration-tests",
                            "README.md",
                            "LICENSE",
                            "pom.xml",
                            "target",
                            "data");
        }
    }

    private interface Offence {
        boolean in(Path file, String text);
    }

    private static List<String> offending(String where, Offence offence) throws IOException {
        var found = new ArrayList<String>();
        List<Path> files = sources(where);
        assertThat(files).as("sources that were looked at").isNotEmpty();
        for (Path file : files) {
            if (offence.in(file, Files.readString(file))) {
                found.add(ROOT.relativize(file).toString());
            }
        }
        return found;
    }

    private static List<Path> sources(String where) throws IOException {
        var files = new ArrayList<Path>();
        for (String module : MODULES) {
            Path src = ROOT.resolve(module).resolve("src");
            if (!Files.exists(src)) {
                continue;
            }
            try (Stream<Path> walk = Files.walk(src)) {
                walk.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> wanted(where, file.toString()))
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static boolean wanted(String where, String file) {
        return switch (where) {
            case "production" -> file.contains("/src/main/");
            case "tests" -> file.contains("/src/test/");
            default -> true;
        };
    }
}
