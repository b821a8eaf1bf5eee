#!/usr/bin/env bash
# Compares methods over a real language model: zero-shot, TALLRec, LLaRA and iLoRA, beside Popularity
# and SASRec. Each adapted method is trained at the same rates; the one that ranks the validation cases
# best is asked the test cases. What is finished is kept: after an interruption, run it again.
#
#   runs/real-model.sh MODEL                          both data sets
#   runs/real-model.sh MODEL movielens industrial     some of them
#
#   ILORA_RAW   folder of the raw data (data/raw): ml-100k or movielens-100k, amazon-industrial
#   RATES       learning rates of the grid ("0.0005 0.001 0.002")
#   STEPS       training steps of 16 rows (240)
#   CASES       test cases (1000)
#   EXTRA       more key=value words for all recipes, for a trial
#   OUT         folder of the results (runs/real-model)
#   ILORA       the program (./ilora)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ $# -eq 0 ]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' runs/real-model.sh >&2
  exit 2
fi
. runs/raw-folder.sh
model=$1
shift
raw=${ILORA_RAW:-data/raw}
out=${OUT:-runs/real-model}
ilora=${ILORA:-./ilora}
read -ra rates <<<"${RATES:-0.0005 0.001 0.002}"
common=(rows.testRows="${CASES:-1000}" rows.validRows=200 training.steps="${STEPS:-240}" training.batch=16
  training.validations=4 evaluation.batch=4)
known=(movielens industrial)

choose() {
  case $1 in
    movielens)
      folders=(ml-100k movielens-100k)
      words=(prompt.template=movie-short rows.split=users-by-time)
      ;;
    industrial)
      folders=(amazon-industrial)
      words=(prompt.template=item-short rows.split=given)
      ;;
    *) echo "real-model.sh: unknown data set '$1'; known: ${known[*]}" >&2 && exit 2 ;;
  esac
}

# Trains a recipe under a name and prints its validation HR@1.
train() {
  # shellcheck disable=SC2086
  "$ilora" train "recipes/$1.yaml" "name=$2" "data=$folder/data" "llm.path=$model" "${common[@]}" "${words[@]}" "${@:3}" \
    ${EXTRA:-} --out "$folder" --json 2>>"$folder/progress.txt" |
    tr -d '\n' | sed -n 's/.*"validation" *: *{[^}]*"hr@1" *: *\([0-9.eE-]*\).*/\1/p'
}

run() {
  folder=$out/$1
  [ -f "$folder/data/dataset.yaml" ] || "$ilora" data import "$(raw_folder "$1")" --name "$1" --out "$folder/data"
  : >"$folder/grid.txt.part"
  local chosen=() method name rate score best best_score
  for method in popularity sasrec zero-shot; do
    train "$method" "$method" >/dev/null
    chosen+=("$folder/$method-seed1")
  done
  for method in tallrec llara ilora; do
    best='' best_score=-1
    for rate in "${rates[@]}"; do
      name="$method rate $rate"
      score=$(train "$method" "$name" "training.learningRate=$rate")
      [ -n "$score" ] || { echo "real-model.sh: $name gave no validation figure; see $folder/progress.txt" >&2 && exit 1; }
      printf '%s %s\n' "$name: validation HR@1" "$score" | tee -a "$folder/grid.txt.part"
      if awk "BEGIN { exit !($score > $best_score) }"; then
        best=$folder/$(printf '%s' "$name" | tr -c 'a-z0-9\n' '-')-seed1 best_score=$score
      fi
    done
    chosen+=("$best")
  done
  mv "$folder/grid.txt.part" "$folder/grid.txt"
  for best in "${chosen[@]}"; do
    "$ilora" eval "$best" --json >/dev/null 2>>"$folder/progress.txt"
  done
  "$ilora" report "${chosen[@]}" --out "$folder/report.html" --markdown "$folder/table.md"
}

names=("$@")
[ $# -gt 0 ] || names=("${known[@]}")
for name in "${names[@]}"; do
  choose "$name"
  [ -f "$out/$name/data/dataset.yaml" ] || raw_folder "$name" >/dev/null
done
for name in "${names[@]}"; do
  choose "$name"
  run "$name"
done
