# Sourced by the scripts beside it.

# Prints the folder of a data set's raw data, by any name it may have, or says that there is none.
#
#   raw_folder NAME   reads raw (the folder of all raw data) and folders (names, the usual one first)
raw_folder() {
  local folder
  # shellcheck disable=SC2154
  for folder in "${folders[@]}"; do
    if [ -d "$raw/$folder" ]; then
      printf '%s' "$raw/$folder"
      return
    fi
  done
  echo "${0##*/}: no raw data for $1: expected $raw/${folders[0]} (ILORA_RAW)" >&2
  exit 3
}
