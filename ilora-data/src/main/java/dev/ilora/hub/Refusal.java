package dev.ilora.hub;

import dev.ilora.Printable;
import dev.ilora.http.Answer;
import dev.ilora.http.DownloadException;
import java.net.URI;
import java.util.Optional;

/**
 * What an answer of the hub that is no success means for the user.
 *
 * @param endpoint the address of the hub
 * @param token what was sent with the request
 */
record Refusal(URI endpoint, Optional<Token> token) {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final String REVISION = "RevisionNotFound";

  /** For a model as a whole. */
  DownloadException ofModel(ModelName model, Answer answer) {
    return answer.status() == NOT_FOUND
        ? new DownloadException(model + ": " + notFound(model, answer))
        : of(model, answer);
  }

  /** For a file that the model lists. */
  DownloadException ofFile(ModelName model, String name, Answer answer) {
    return answer.status() == NOT_FOUND
        ? new DownloadException(
            "%s: lists the file %s, but %s has no such file: try again later"
                .formatted(model, name, endpoint))
        : of(model, answer);
  }

  private DownloadException of(ModelName model, Answer answer) {
    boolean gated = code(answer).equals("GatedRepo");
    String why =
        switch (answer.status()) {
          case UNAUTHORIZED -> gated ? gated(model) : unauthorized();
          case FORBIDDEN -> gated ? gated(model) : status(answer) + terms(model);
          default -> status(answer);
        };
    return new DownloadException(model + ": " + why);
  }

  private static String status(Answer answer) {
    return "%s answers with HTTP status %s%s"
        .formatted(answer.address(), answer.status(), said(answer));
  }

  private String terms(ModelName model) {
    return "; if the model is gated, accept its terms at %s/%s, and see what the token may read"
        .formatted(endpoint, model.path());
  }

  private String unauthorized() {
    return token
        .map(
            known ->
                "the hub does not take the token of %s: put a valid one there, or none for a public model"
                    .formatted(known.source()))
        .orElse(
            "no public model of this name: check the name, or set HF_TOKEN to a token that may read it (%s/settings/tokens)"
                .formatted(endpoint));
  }

  private String gated(ModelName model) {
    String terms = "%s/%s".formatted(endpoint, model.path());
    return token
        .map(
            known ->
                "the account of %s may not read it: accept the model's terms at %s, or take a token that may read it"
                    .formatted(known.source(), terms))
        .orElse(
            "gated: accept the model's terms at %s, then set HF_TOKEN to a token of your account"
                .formatted(terms));
  }

  private String notFound(ModelName model, Answer answer) {
    String there = "%s/%s".formatted(endpoint, model.path());
    if (code(answer).equals(REVISION)) {
      return "the model has no revision '%s'; %s/tree/main lists them"
          .formatted(model.revision(), there);
    }
    return model.revision().equals("main") || code(answer).equals("RepoNotFound")
        ? "no such model at %s: check the name".formatted(endpoint)
        : "no such model or revision at %s: check the name and '%s'"
            .formatted(endpoint, model.revision());
  }

  private static String code(Answer answer) {
    return answer.headerOnTheWay("X-Error-Code").orElse("");
  }

  private static String said(Answer answer) {
    return answer
        .headerOnTheWay("X-Error-Message")
        .map(text -> ": " + Printable.text(text))
        .orElse("");
  }
}
