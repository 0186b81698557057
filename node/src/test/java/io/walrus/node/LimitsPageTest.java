package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.protocol.ErrorCode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The page for operators names every limit that a node can be told, and every error. */
class LimitsPageTest {

    private static String page() throws IOException {
        return Files.readString(
                Path.of(System.getProperty("walrus.root", ".."))
                        .resolve("node/docs/operations.md"));
    }

    @Test
    void everyErrorThatANodeAnswersIsExplained() throws IOException {
        String page = page();
        String table = page.substring(page.indexOf("## What an error means"));

        assertThat(ErrorCode.values())
                .filteredOn(code -> code != ErrorCode.UNRECOGNISED)
                .allSatisfy(code -> assertThat(table).contains("`" + code.name() + "`"));
    }

    @Test
    void everyLimitOfTheOptionsIsInTheTable() throws IOException {
        String page = page();
        String table = page.substring(page.indexOf("## Limits"), page.indexOf("## Who may come"));

        assertThat(
                        Arrays.stream(NodeOptions.class.getRecordComponents())
                                .map(RecordComponent::getName)
                                .filter(name -> name.endsWith("Max") || name.endsWith("Millis")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(table).contains("`" + name + "`"));
    }
}
