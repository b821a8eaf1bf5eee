package dev.ilora.bench;

import dev.ilora.RunContext;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.ingest.DatasetFormat;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.train.RecommenderTraining;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times the sequence recommenders: an epoch of training, from new weights to the validation figure,
 * and scores of the whole catalogue.
 */
public final class RecommendBench {
  private static final long SEED = 1;
  private static final String EPOCH = " epoch";
  private static final String SCORING = " scoring";

  private final Dataset dataset;
  private final List<Case> train;
  private final List<Case> valid;
  private final List<int[]> histories;

  /**
   * @param dataset with training and validation rows
   */
  public RecommendBench(Dataset dataset) {
    this.dataset = dataset;
    Split split = SplitRule.usual(dataset).apply(dataset, Split.DEFAULT_HISTORY_LENGTH);
    train = split.trainRows(1);
    valid = split.rows(Part.VALID, Positions.EVERY, 1);
    histories =
        split.rows(Part.TEST, Positions.EVERY, Split.DEFAULT_MIN_HISTORY).stream()
            .map(Case::history)
            .toList();
    if (train.isEmpty() || valid.isEmpty() || histories.isEmpty()) {
      throw new ConfigException(
          "--data: dataset %s has no rows in its training, validation or test part"
              .formatted(dataset.name()));
    }
  }

  /** Times all variants. */
  public List<Measurement> run(Harness harness) {
    List<Variant> variants = new ArrayList<>();
    Map<String, Integer> rows = new LinkedHashMap<>();
    List<SequenceRecommender> models = new ArrayList<>();
    try {
      for (Architecture.Model kind : Architecture.Model.values()) {
        variants.add(new Variant(kind.title() + EPOCH, () -> epoch(kind)));
        rows.put(kind.title() + EPOCH, train.size());
        SequenceRecommender model =
            SequenceRecommender.create(
                Architecture.released(kind, dataset.itemCount()), SEED, Device.CPU);
        models.add(model);
        variants.add(new Variant(kind.title() + SCORING, () -> model.scores(histories)));
        rows.put(kind.title() + SCORING, histories.size());
      }
      List<Measurement> measurements = new ArrayList<>();
      harness
          .run("bench recommend", variants)
          .forEach(
              (name, timing) ->
                  measurements.add(
                      Measurement.of(
                          name,
                          timing,
                          Map.of("rowsPerSecond", rows.get(name) / timing.median()))));
      return measurements;
    } finally {
      models.forEach(SequenceRecommender::close);
    }
  }

  private void epoch(Architecture.Model kind) {
    new RecommenderTraining(
            "training " + kind.title(),
            RecommenderConfig.defaults(kind, Split.DEFAULT_HISTORY_LENGTH, SEED).withEpochs(1),
            dataset.itemCount(),
            train,
            valid,
            Device.CPU)
        .run(RunContext.silent(InstantSource.system()))
        .model()
        .close();
  }

  /** What is promised of the recommenders' speed on MovieLens-100K; nothing for other data. */
  public List<Goal> goals(List<Measurement> measurements) {
    String importer = dataset.provenance().get("importer");
    if (!DatasetFormat.MOVIELENS_100K.label().equals(importer)) {
      return List.of();
    }
    Figures figures = new Figures(measurements);
    List<Goal> goals = new ArrayList<>();
    for (Architecture.Model kind : Architecture.Model.values()) {
      double seconds = kind == Architecture.Model.SASREC ? 3 : 6;
      String name = kind.title() + EPOCH;
      figures
          .seconds(name)
          .map(s -> Goal.atMost("seconds of a " + name + " on MovieLens-100K", seconds, s))
          .ifPresent(goals::add);
    }
    return goals;
  }
}
