package io.walrus.protocol;

/**
 * What one frame of a client amounts to: a {@link Command} to carry out, or a {@link Refusal} to
 * answer.
 *
 * <p>Both take their place in the order of replies.
 */
public sealed interface Request permits Command, Refusal {}
