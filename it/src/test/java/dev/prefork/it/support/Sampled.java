package dev.prefork.it.support;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cases of a parameterized test that an ordinary build runs, by their numbers from 1: those
 * that take ways of their own. The others take long for what they can find; with {@code -Pcases}
 * all are run.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ExtendWith(Sampled.Condition.class)
public @interface Sampled {
    int[] value();

    /** Whether a case is run. */
    final class Condition implements ExecutionCondition {
        private static final Pattern NUMBER = Pattern.compile("test-template-invocation:#(\\d+)");

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Matcher number = NUMBER.matcher(context.getUniqueId());
            Optional<Sampled> sample =
                    AnnotationSupport.findAnnotation(context.getElement(), Sampled.class);
            boolean isLeftOut =
                    !Boolean.getBoolean("prefork.cases.all")
                            && number.find()
                            && sample.isPresent()
                            && Arrays.stream(sample.get().value())
                                    .noneMatch(one -> one == Integer.parseInt(number.group(1)));
            return isLeftOut
                    ? ConditionEvaluationResult.disabled("run by -Pcases")
                    : ConditionEvaluationResult.enabled("a case of an ordinary build");
        }
    }
}
