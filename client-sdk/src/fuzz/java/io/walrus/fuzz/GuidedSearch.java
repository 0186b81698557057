package io.walrus.fuzz;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Searches with Jazzer, guided by coverage: each {@link Fuzzed} method of the tests below {@code
 * target/test-classes} of a module, one after the other, in a process of its own.
 *
 * <p>Arguments: the module's directory, how many seconds for each method, and, if not all, words of
 * which one stands in the name of a method to search. What covers something new goes to {@code
 * target/fuzz}, and at the end the least of it that covers as much to the corpus in the test
 * resources. A finding ends the search with exit code 1 and names the file that holds the input:
 * mend it, with a test of that name, and move the file to the corpus.
 */
public final class GuidedSearch {

    private static final int INPUT_BYTES_MAX = 1_024;

    private final Path module;
    private final int seconds;

    private GuidedSearch(Path module, int seconds) {
        this.module = module;
        this.seconds = seconds;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        var search = new GuidedSearch(Path.of(args[0]), Integer.parseInt(args[1]));
        List<String> words = List.of(args).subList(2, args.length);
        boolean isFine = true;
        for (Method method : search.methods()) {
            if (words.isEmpty() || words.stream().anyMatch(method.toString()::contains)) {
                isFine &= search.search(method);
            }
        }
        System.exit(isFine ? 0 : 1);
    }

    private List<Method> methods() throws IOException {
        Path classes = module.resolve("target/test-classes");
        var found = new ArrayList<Method>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(GuidedSearch::isFuzzTest).sorted().toList()) {
                String name = classes.relativize(file).toString();
                Class<?> test = classOf(name.substring(0, name.length() - ".class".length()));
                Arrays.stream(test.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Fuzzed.class))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static boolean isFuzzTest(Path file) {
        return file.getFileName().toString().endsWith("FuzzTest.class");
    }

    private static Class<?> classOf(String path) {
        try {
            return Class.forName(path.replace('/', '.').replace('\\', '.'));
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whether nothing was found. */
    private boolean search(Method method) throws IOException, InterruptedException {
        Path kept = corpusOf(method);
        Path fresh = module.resolve("target/fuzz").resolve(method.getName());
        Files.createDirectories(fresh);
        System.err.println("== " + method + ", corpus " + module.relativize(kept));
        int exitCode =
                jazzer(
                        method,
                        "-artifact_prefix=" + fresh.getParent() + "/found-" + method.getName() + "-",
                        "-max_total_time=" + seconds,
                        "-max_len=" + INPUT_BYTES_MAX,
                        "-print_final_stats=1",
                        fresh.toString(),
                        kept.toString());
        if (exitCode == 0) {
            exitCode = jazzer(method, "-merge=1", "-set_cover_merge=1", kept.toString(), fresh.toString());
        }
        return exitCode == 0;
    }

    private Path corpusOf(Method method) {
        return module.resolve("src/test/resources")
                .resolve(method.getDeclaringClass().getPackageName().replace('.', '/'))
                .resolve(method.getAnnotation(Fuzzed.class).value());
    }

    private int jazzer(Method method, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:+EnableDynamicAgentLoading"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("com.code_intelligence.jazzer.Jazzer");
        command.add("--target_class=" + JazzerTarget.class.getName());
        command.add(
                "--target_args=" + method.getDeclaringClass().getName() + "#" + method.getName());
        command.add("--instrumentation_includes=io.walrus.**");
        command.add("--custom_hook_includes=io.walrus.**");
        command.add("--reproducer_path=" + module.resolve("target/fuzz"));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).directory(module.toFile()).inheritIO().start().waitFor();
    }
}
