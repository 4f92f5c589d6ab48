package dev.vectorstore.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an annotation that says which engine a contract test needs. On the class of a contract test
 * it is the one condition that the kit takes: where the engine isn't there, the class doesn't run.
 *
 * <p>The annotation brings an {@link org.junit.jupiter.api.extension.ExecutionCondition} and no
 * other extension. A condition that lets the class run and disables some of its tests fails the
 * class.
 *
 * <pre>{@code
 * @EngineRequirement
 * @ExtendWith(MyEngineIsThere.class)
 * @Target(ElementType.TYPE)
 * @Retention(RetentionPolicy.RUNTIME)
 * @interface RequiresMyEngine {}
 * }</pre>
 */
@Documented
@Target(ElementType.ANNOTATION_TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EngineRequirement {}
