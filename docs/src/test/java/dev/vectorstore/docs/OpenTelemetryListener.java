package dev.vectorstore.docs;

// tag
import dev.vectorstore.CallEnd;
import dev.vectorstore.CallListener;
import dev.vectorstore.CallStart;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/** Makes a span of each call, spans below it of its batches, and a histogram of the calls. */
final class OpenTelemetryListener implements CallListener {
  private final Tracer tracer;
  private final DoubleHistogram durations;

  OpenTelemetryListener(OpenTelemetry telemetry) {
    tracer = telemetry.getTracer("dev.vectorstore");
    durations =
        telemetry
            .getMeter("dev.vectorstore")
            .histogramBuilder("db.client.operation.duration")
            .setUnit("s")
            .build();
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // ended() closes the scope, on the same thread.
  public Observer started(CallStart call) {
    Span span = span(call, Context.current());
    Scope scope = span.makeCurrent();
    Context context = Context.current();
    return new Observer() {
      @Override
      public Observer batchStarted(CallStart batch) {
        // On a thread of the store, below the caller's span.
        Span part = span(batch, context);
        return end -> finish(part, end);
      }

      @Override
      public void ended(CallEnd end) {
        scope.close();
        finish(span, end);
        AttributesBuilder attributes = attributes(call);
        end.errorType().ifPresent(type -> attributes.put("error.type", type));
        durations.record(end.duration().toNanos() / 1e9, attributes.build(), context);
      }
    };
  }

  private Span span(CallStart call, Context parent) {
    String target = call.collection().map(name -> " " + name).orElse("");
    Span span =
        tracer
            .spanBuilder(call.operation() + target)
            .setSpanKind(SpanKind.CLIENT)
            .setParent(parent)
            .setAllAttributes(attributes(call).build())
            .startSpan();
    call.batchSize()
        .ifPresent(
            size -> {
              if (size >= 2) {
                span.setAttribute("db.operation.batch.size", size);
              }
            });
    return span;
  }

  private static AttributesBuilder attributes(CallStart call) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("db.system.name", call.server().system())
            .put("db.operation.name", call.operation());
    call.collection().ifPresent(name -> attributes.put("db.collection.name", name));
    call.server().namespace().ifPresent(name -> attributes.put("db.namespace", name));
    call.server().address().ifPresent(host -> attributes.put("server.address", host));
    call.server().port().ifPresent(port -> attributes.put("server.port", port));
    return attributes;
  }

  private static void finish(Span span, CallEnd end) {
    end.returnedRows().ifPresent(rows -> span.setAttribute("db.response.returned_rows", rows));
    span.setAttribute("dev.vectorstore.attempts", end.attempts());
    end.failure()
        .ifPresent(
            error -> {
              span.setAttribute("error.type", end.errorType().orElseThrow());
              span.setStatus(StatusCode.ERROR, String.valueOf(error.getMessage()));
            });
    span.end();
  }
}
// end
