package dev.ilora.data.ingest;

/**
 * The argsort that ordered the papers' MovieLens-100K: NumPy's introspective quicksort of the time
 * (median of three, insertion sort up to 16 elements, no vector instructions), applied by pandas to
 * each user's rows in file order. It is not stable, so what it leaves of rows with equal times is
 * an accident, but always the same one: it reproduces every one of the 943 released sequences.
 *
 * <p>Source: numpy/core/src/npysort/quicksort.c.src, {@code aquicksort}. The fall-back to heapsort
 * against quadratic inputs is left out, which changes nothing on these data.
 */
final class PaperSort {
  private static final int SMALL = 15;

  private final int[] index;
  private final long[] times;

  private PaperSort(int[] index, long[] times) {
    this.index = index;
    this.times = times;
  }

  /** Returns the order of the times, oldest first, as that sort leaves it. */
  static int[] order(long[] times) {
    int[] index = new int[times.length];
    for (int i = 0; i < index.length; i++) {
      index[i] = i;
    }
    new PaperSort(index, times).sort(0, index.length - 1);
    return index;
  }

  private void sort(int low, int high) {
    int left = low;
    int right = high;
    while (right - left > SMALL) {
      int middle = partition(left, right);
      if (middle - left < right - middle) {
        sort(left, middle - 1);
        left = middle + 1;
      } else {
        sort(middle + 1, right);
        right = middle - 1;
      }
    }
    insert(left, right);
  }

  /** Puts the median of the ends and the middle in its place and returns that. */
  private int partition(int left, int right) {
    int middle = left + ((right - left) >> 1);
    swapIfLess(middle, left);
    swapIfLess(right, middle);
    swapIfLess(middle, left);
    long pivot = time(middle);
    int i = left;
    int j = right - 1;
    swap(middle, j);
    while (true) {
      do {
        i++;
      } while (time(i) < pivot);
      do {
        j--;
      } while (pivot < time(j));
      if (i >= j) {
        swap(i, right - 1);
        return i;
      }
      swap(i, j);
    }
  }

  private void insert(int left, int right) {
    for (int i = left + 1; i <= right; i++) {
      int moved = index[i];
      int j = i;
      while (j > left && times[moved] < time(j - 1)) {
        index[j] = index[j - 1];
        j--;
      }
      index[j] = moved;
    }
  }

  private long time(int place) {
    return times[index[place]];
  }

  private void swapIfLess(int a, int b) {
    if (time(a) < time(b)) {
      swap(a, b);
    }
  }

  private void swap(int a, int b) {
    int value = index[a];
    index[a] = index[b];
    index[b] = value;
  }
}
