import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** Cases by name, run in the order in which they are added; each is reported as one line on stdout. */
final class Cases {
  interface Body {
    void run() throws Exception;
  }

  private record Case(String name, Body body) {}

  private final List<Case> cases = new ArrayList<>();
  private String prefix = "";

  /** What follows is named so. */
  Cases group(String name) {
    prefix = name + ": ";
    return this;
  }

  Cases add(String name, Body body) {
    cases.add(new Case(prefix + name, body));
    return this;
  }

  /** Runs those whose name matches. A failure ends its own case only. */
  void run(Pattern only) {
    for (Case each : cases) {
      if (!only.matcher(each.name).find()) continue;
      try {
        each.body.run();
        report("passed", each.name, "");
      } catch (Throwable failure) {
        failure.printStackTrace();
        report("failed", each.name, failure.toString().replaceAll("\\s+", " "));
      }
    }
  }

  private static void report(String outcome, String name, String detail) {
    System.out.println(String.join("\t", "case", outcome, name, detail));
    System.out.flush();
  }

  static void equal(Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError("expected " + expected + ", got " + actual);
    }
  }

  static void holds(boolean condition, String what) {
    if (!condition) throw new AssertionError(what);
  }

  /** That the call fails with an error of this class, also as a cause; returns the error. */
  static <E extends Throwable> E fails(Class<E> error, Callable<?> call) throws Exception {
    Object result;
    try {
      result = call.call();
    } catch (Exception thrown) {
      Throwable cause = thrown;
      while (cause != null && !error.isInstance(cause)) cause = cause.getCause();
      if (cause == null) {
        Throwable inner = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
        throw new AssertionError("expected " + error.getSimpleName() + ", got " + inner, thrown);
      }
      return error.cast(cause);
    }
    throw new AssertionError("expected " + error.getSimpleName() + ", got " + result);
  }
}
