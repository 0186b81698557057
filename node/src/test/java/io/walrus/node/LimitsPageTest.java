package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The page for operators names every limit that a node can be told. */
class LimitsPageTest {

    @Test
    void everyLimitOfTheOptionsIsInTheTable() throws IOException {
        String page =
                Files.readString(
                        Path.of(System.getProperty("walrus.root", ".."))
                                .resolve("node/docs/operations.md"));
        String table = page.substring(page.indexOf("## Limits"), page.indexOf("## Who may come"));

        assertThat(
                        Arrays.stream(NodeOptions.class.getRecordComponents())
                                .map(RecordComponent::getName)
                                .filter(name -> name.endsWith("Max") || name.endsWith("Millis")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(table).contains("`" + name + "`"));
    }
}
