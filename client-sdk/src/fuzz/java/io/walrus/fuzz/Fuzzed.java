package io.walrus.fuzz;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A static method of a {@code …FuzzTest} that takes any bytes and throws if they were not read as
 * they should be. A guided search ({@link GuidedSearch}) feeds it; its test feeds it in each build.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Fuzzed {

    /** The folder beside the class that holds its corpus. */
    String value();
}
