package io.walrus.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;

/** The only class that knows JLine: a line editor with a kept history and completion. */
final class ReplTerminal implements AutoCloseable {

    private static final String PROMPT = "walrus> ";

    private final Terminal terminal;
    private final LineReader reader;

    private ReplTerminal(Terminal terminal, LineReader reader) {
        this.terminal = terminal;
        this.reader = reader;
    }

    /** A terminal that asks for candidates when a person presses Tab. */
    static ReplTerminal open(CliStreams streams, ReplCompletion completion) throws IOException {
        Terminal terminal = terminal(streams);
        // Data may hold any quote, backslash or exclamation mark: the line comes as it was typed.
        DefaultParser parser = new DefaultParser();
        parser.setEscapeChars(new char[0]);
        parser.setQuoteChars(new char[0]);
        LineReader reader =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .parser(parser)
                        .completer(
                                (lineReader, line, candidates) -> {
                                    for (String word : words(line, completion)) {
                                        candidates.add(new Candidate(word));
                                    }
                                })
                        .variable(LineReader.HISTORY_FILE, streams.historyFile())
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .build();
        return new ReplTerminal(terminal, reader);
    }

    /** What Ctrl-C does while a command runs, instead of ending the process. */
    void onInterrupt(Runnable action) {
        terminal.handle(Terminal.Signal.INT, signal -> action.run());
    }

    /** The next line, or null when there are no more; Ctrl-C drops the line that was begun. */
    String readLine() {
        while (true) {
            try {
                return reader.readLine(PROMPT);
            } catch (UserInterruptException dropped) {
                if (dropped.getPartialLine().isEmpty()) {
                    return null;
                }
            } catch (EndOfFileException end) {
                return null;
            }
        }
    }

    @Override
    public void close() throws IOException {
        reader.getHistory().save();
        terminal.close();
    }

    private static Terminal terminal(CliStreams streams) throws IOException {
        if (streams.in() == System.in) {
            return TerminalBuilder.builder().system(true).dumb(true).build();
        }
        return new DumbTerminal(
                "walrus", Terminal.TYPE_DUMB, streams.in(), streams.err(), StandardCharsets.UTF_8);
    }

    private static Collection<String> words(ParsedLine line, ReplCompletion completion) {
        int at = line.wordIndex();
        String begun = line.word().substring(0, line.wordCursor());
        return completion.candidates(line.words().subList(0, at), begun);
    }
}
