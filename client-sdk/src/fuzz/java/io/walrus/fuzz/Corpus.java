package io.walrus.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files of one folder beside a test class: inputs that once mattered. Each is tried as it is,
 * and then many that grow from them by small changes; the same ones in every run. {@code
 * -Dwalrus.fuzz.rounds=1000000} searches longer, {@code -Dwalrus.fuzz.seed=2} elsewhere. What is
 * found becomes a file of the folder.
 */
public final class Corpus {

    private static final int ROUNDS = 5_000;
    private static final long SEED = Long.getLong("walrus.fuzz.seed", 1);
    private static final int BYTES_MAX = 1_024;
    private static final int CHANGES_MAX = 4;
    private static final byte[] FAVOURITES = {
        0, 1, 0x7f, (byte) 0x80, (byte) 0xff, ' ', '0', '9', '-', ':', '"', '{', '}', '\n'
    };

    private final List<byte[]> seeds;
    private final Random random = new Random(SEED);

    private Corpus(List<byte[]> seeds) {
        this.seeds = seeds;
    }

    /** The folder of that name beside the class. */
    public static Corpus of(Class<?> test, String folder) {
        try (Stream<Path> files = Files.list(Path.of(test.getResource(folder).toURI())).sorted()) {
            List<byte[]> seeds = new ArrayList<>();
            for (Path file : files.toList()) {
                seeds.add(Files.readAllBytes(file));
            }
            return new Corpus(seeds);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Tries all; a failure names the input, in hex, and the seed that it grew from. */
    public void feed(Consumer<byte[]> target) {
        feed(ROUNDS, target);
    }

    /** The same for a target that is slow: so many rounds, unless it was told to search longer. */
    public void feed(int rounds, Consumer<byte[]> target) {
        seeds.forEach(seed -> tryOne(target, seed));
        for (int round = Integer.getInteger("walrus.fuzz.rounds", rounds); round > 0; round--) {
            byte[] input = oneOf(seeds).clone();
            for (int change = random.nextInt(CHANGES_MAX); change >= 0; change--) {
                input = changed(input);
            }
            tryOne(target, input);
        }
    }

    private static void tryOne(Consumer<byte[]> target, byte[] input) {
        try {
            target.accept(input.clone());
        } catch (RuntimeException | Error failed) {
            throw new AssertionError(
                    "with "
                            + HexFormat.of().formatHex(input)
                            + ", -Dwalrus.fuzz.seed="
                            + SEED,
                    failed);
        }
    }

    private byte[] changed(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(Math.min(8, input.length - from) + 1);
        return switch (random.nextInt(5)) {
            case 0 -> spliced(input, from, to, new byte[0]);
            case 1 -> spliced(input, from, from, Arrays.copyOfRange(input, from, to));
            case 2 -> spliced(input, from, from, new byte[] {aByte()});
            case 3 -> spliced(input, from, Math.min(input.length, from + 1), new byte[] {aByte()});
            default -> spliced(input, from, input.length, tailOf(oneOf(seeds)));
        };
    }

    private byte aByte() {
        return random.nextBoolean()
                ? FAVOURITES[random.nextInt(FAVOURITES.length)]
                : (byte) random.nextInt();
    }

    private byte[] tailOf(byte[] other) {
        return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static byte[] spliced(byte[] input, int from, int to, byte[] middle) {
        byte[] out = Arrays.copyOf(input, from + middle.length + input.length - to);
        System.arraycopy(middle, 0, out, from, middle.length);
        System.arraycopy(input, to, out, from + middle.length, input.length - to);
        return out.length <= BYTES_MAX ? out : Arrays.copyOf(out, BYTES_MAX);
    }
}
