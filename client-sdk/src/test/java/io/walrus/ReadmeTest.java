package io.walrus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README shows code that compiles. */
class ReadmeTest {

    private static final Path README =
            Path.of(System.getProperty("walrus.root", ".."), "client-sdk", "README.md");

    @TempDir private Path classes;

    @Test
    void snippetsOfTheReadmeCompile() throws IOException {
        Matcher snippets =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(README));
        int found = 0;
        for (; snippets.find(); found++) {
            assertThat(errorsOf(snippets.group(1))).isEmpty();
        }

        assertThat(found).isPositive();
        assertThat(errorsOf("client.noSuchVerb();")).contains("noSuchVerb");
    }

    private String errorsOf(String snippet) {
        String text =
                """
                import io.vertx.core.*;
                import io.vertx.core.buffer.Buffer;
                import io.walrus.client.*;
                class Snippet {
                    void run(Vertx vertx) {
                """
                        + snippet
                        + "}}";
        JavaFileObject source =
                new SimpleJavaFileObject(
                        URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        List<String> options =
                List.of(
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString());
        boolean compiles =
                compiler.getTask(errors, null, null, options, null, List.of(source)).call();
        return compiles ? "" : errors.toString();
    }
}
