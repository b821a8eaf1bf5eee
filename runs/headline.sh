#!/usr/bin/env bash
# Makes the headline table from raw files: the recipes of recipes/headline on one data set after the
# other. Tables (text, JSON, Markdown) and the report of each are in runs/headline/NAME; when all are
# done, those of all but LastFM together in runs/headline (LastFM's order is an artefact of artist
# numbers). What is finished is kept: after an interruption, run it again.
#
#   runs/headline.sh                     all data sets
#   runs/headline.sh movielens beauty    some of movielens, lastfm, lastfm-by-time, beauty, sports
#
#   ILORA_RAW   folder of the raw data (data/raw): ml-100k as `ilora data download` makes it,
#               lastfm-hetrec2011, amazon-beauty, amazon-sports
#   BASE        folder of the base model (ilora-base)
#   JOBS        language-model runs at the same time (all cores)
#   EXTRA       more key=value words for all recipes, for a trial
#   OUT         folder of the results (runs/headline)
#   ILORA       the program (./ilora)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. runs/raw-folder.sh

raw=${ILORA_RAW:-data/raw}
out=${OUT:-runs/headline}
ilora=${ILORA:-./ilora}
jobs=${JOBS:-$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)}

# What all recipes share; what a recipe has for itself stands in its file.
seeds=3 # LLaRA and iLoRA say 5 themselves
common=(rows.testRows=2000 training.steps=240) # meant to fit 35 minutes a data set
if [ -n "${BASE:-}" ]; then
  common+=("llm.path=$BASE")
fi

known=(movielens lastfm lastfm-by-time beauty sports)

# Sets what belongs to a data set: its raw folders by any name, options of its import, and words.
choose() {
  case $1 in
    movielens)
      folders=(ml-100k movielens-100k)
      import=(--papers)
      words=(prompt.template=movie-short rows.split=users-by-time rows.paperRows=true)
      ;;
    lastfm)
      folders=(lastfm lastfm-hetrec2011)
      import=(--papers)
      words=(prompt.template=artist-short rows.split=users-by-time rows.paperRows=true)
      ;;
    lastfm-by-time)
      folders=(lastfm lastfm-hetrec2011)
      import=(--papers --order time)
      words=(prompt.template=artist-short rows.split=users-by-time rows.paperRows=true)
      ;;
    beauty | sports)
      folders=("amazon-$1")
      import=(--title-words 4) # of seven keywords and more, so that prompts are as long as others'
      # A test row is a user's last: these are the paper's rows already.
      # Their prompts are half as long again as others', and their recommenders take longer.
      words=(prompt.template=item-short rows.split=leave-one-out training.steps=120)
      # About as many steps of the recommenders as MovieLens' 10 epochs are.
      case $1 in
        beauty) words+=(recommender.epochs=6) ;;
        sports) words+=(recommender.epochs=4) ;;
      esac
      ;;
    *)
      echo "headline.sh: unknown data set '$1'; known: ${known[*]}" >&2
      exit 2
      ;;
  esac
}

imported() {
  [ -f "$out/$1/data/dataset.yaml" ]
}

report() {
  "$ilora" report "${@:2}" --out "$1/report.html" --markdown "$1/table.md" --json >"$1/table.json.part"
  mv "$1/table.json.part" "$1/table.json"
}

run() {
  local start=$SECONDS
  if ! imported "$1"; then
    "$ilora" data import "$(raw_folder "$1")" --name "$1" ${import[@]+"${import[@]}"} --out "$out/$1/data"
  fi
  # shellcheck disable=SC2086
  "$ilora" study recipes/headline/*.yaml "data=$out/$1/data" "${common[@]}" "${words[@]}" ${EXTRA:-} \
    --seeds "$seeds" --jobs "$jobs" --out "$out/$1" >"$out/$1/table.txt.part"
  mv "$out/$1/table.txt.part" "$out/$1/table.txt"
  report "$out/$1" "$out/$1"
  cat "$out/$1/table.txt"
  printf '%s took %d min %02d s\n' "$1" $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60)) \
    | tee -a "$out/$1/times.txt"
}

names=("$@")
if [ $# -eq 0 ]; then
  names=("${known[@]}")
fi
for name in "${names[@]}"; do
  choose "$name"
done
for name in "${names[@]}"; do
  choose "$name"
  imported "$name" || raw_folder "$name" >/dev/null
done
for name in "${names[@]}"; do
  choose "$name"
  run "$name"
done

# LastFM does not count in the average of the data sets: its order is an artefact of artist numbers.
done_sets=()
for name in "${known[@]}"; do
  if [ -f "$out/$name/table.json" ] && [ "${name#lastfm}" = "$name" ]; then
    done_sets+=("$out/$name")
  fi
done
if [ ${#done_sets[@]} -gt 0 ]; then
  report "$out" "${done_sets[@]}"
  echo "All together: $out/report.html, $out/table.md, $out/table.json"
fi
