package dev.vectorstore.testservers;

import dev.vectorstore.testkit.EngineRequirement;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test only where these engines are. Elsewhere it is skipped, or fails when the person who
 * runs the tests named the engine in {@code -Dengines}.
 */
@Documented
@EngineRequirement
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(EngineCondition.class)
public @interface RequiresEngine {
  /** The engines, all of them needed. */
  TestEngine[] value();
}
