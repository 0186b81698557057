package io.walrus.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows under headings, in columns split by spaces. The only class that knows the table library.
 *
 * <p>No lines are drawn and no cell is ever cut or wrapped: a row stays one line, for {@code grep}
 * and {@code awk}.
 */
final class TextTable {

    private final List<Column> columns = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    /** A column of words. */
    TextTable words(String heading) {
        return column(heading, HorizontalAlign.LEFT);
    }

    /** A column of numbers. */
    TextTable numbers(String heading) {
        return column(heading, HorizontalAlign.RIGHT);
    }

    /** A row; null is a cell about which nothing is known. */
    TextTable row(Object... cells) {
        String[] texts = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            texts[i] = cells[i] == null ? "-" : cells[i].toString();
        }
        rows.add(texts);
        return this;
    }

    /** The table, without a newline at the end. */
    String text() {
        return AsciiTable.builder()
                .border(AsciiTable.NO_BORDERS)
                .data(columns.toArray(Column[]::new), rows.toArray(String[][]::new))
                .asString()
                .lines()
                .map(String::stripTrailing)
                .map(line -> line.startsWith(" ") ? line.substring(1) : line)
                .collect(Collectors.joining("\n"));
    }

    private TextTable column(String heading, HorizontalAlign align) {
        columns.add(
                new Column()
                        .header(heading)
                        .headerAlign(align)
                        .dataAlign(align)
                        .maxWidth(Integer.MAX_VALUE));
        return this;
    }
}
