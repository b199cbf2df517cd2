using System.Globalization;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Pretrained vectors of the words of a vocabulary, from a file in the text format of fastText (.vec) and GloVe, also packed with gzip: a line a word, the word
/// and its numbers with blanks between them, with or without a first line of counts. Give <see cref="Matrix"/> to the weights of an <see cref="Embedding"/>.
/// </summary>
public sealed class WordVectors
{
    private WordVectors(float[] matrix, int size, int found, int words) => (Matrix, Size, FoundCount, WordCount) = (matrix, size, found, words);

    /// <summary>A vector for each id, [vocabulary, size]: zero for padding, and for words that the file lacks drawn around the mean of those that it has.</summary>
    public float[] Matrix { get; }

    /// <summary>Numbers of a vector.</summary>
    public int Size { get; }

    /// <summary>How many words of the vocabulary the file has.</summary>
    public int FoundCount { get; }

    /// <summary>How many words the vocabulary has, the special entries not counted.</summary>
    public int WordCount { get; }

    /// <summary>Reads the vectors of the words that are needed; the others are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">The words.</param>
    /// <param name="seed">For the vectors of words that the file lacks: normal, of the mean and the deviation that each number has over the words found.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataException">
    /// The file is missing, damaged or empty, a line has another number of numbers than those before or something that is no number, or no word is in it.
    /// </exception>
    public static WordVectors Read(string path, Vocabulary vocabulary, long seed = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        using CsvSource source = CsvSource.FromFile(path);
        using StreamReader lines = new(source.Open(), Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        VectorLines rows = new(path);
        float[] matrix = [];
        bool[] found = new bool[vocabulary.Count];
        while (lines.ReadLine() is { } line)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!rows.TryCut(line, out ReadOnlySpan<char> word, out ReadOnlySpan<char> numbers))
            {
                continue;
            }
            if (matrix.Length == 0)
            {
                matrix = new float[checked(vocabulary.Count * rows.Size)];
            }
            if (vocabulary.TryGetId(word, out int id) && id >= Vocabulary.SpecialCount && !found[id])
            {
                rows.Parse(numbers, matrix.AsSpan(id * rows.Size, rows.Size));
                found[id] = true;
            }
        }
        int count = found.Count(isFound => isFound);
        if (count == 0)
        {
            throw new DataException(
                rows.Size == 0 ? $"{path} holds no word vectors. Name a file in the text format of fastText or GloVe."
                    : $"{path} has a vector for none of the {vocabulary.Count - Vocabulary.SpecialCount} words. Take vectors of the texts' language, and of small letters where texts are brought to small letters.",
                path);
        }
        Draw(matrix, rows.Size, found, count, new RandomStream(seed).Derive("word vectors"));
        return new WordVectors(matrix, rows.Size, count, vocabulary.Count - Vocabulary.SpecialCount);
    }

    /// <summary>Fills the vectors that were not found.</summary>
    private static void Draw(float[] matrix, int size, bool[] found, int count, RandomStream random)
    {
        for (int place = 0; place < size; place++)
        {
            double sum = 0, squares = 0;
            for (int id = 0; id < found.Length; id++)
            {
                sum += found[id] ? matrix[(id * size) + place] : 0;
            }
            double mean = sum / count;
            for (int id = 0; id < found.Length; id++)
            {
                squares += found[id] ? Math.Pow(matrix[(id * size) + place] - mean, 2) : 0;
            }
            double deviation = Math.Sqrt(squares / count);
            for (int id = Vocabulary.Padding + 1; id < found.Length; id++)
            {
                if (!found[id])
                {
                    matrix[(id * size) + place] = (float)(mean + (deviation * random.Derive(id).Normal(place)));
                }
            }
        }
    }

    /// <summary>Cuts lines into a word and its numbers.</summary>
    private sealed class VectorLines(string path)
    {
        private long _line;

        /// <summary>Numbers of a vector; 0 before the first.</summary>
        public int Size { get; private set; }

        /// <summary>Cuts a line.</summary>
        /// <returns>False for an empty line, and for the first where it holds counts.</returns>
        public bool TryCut(ReadOnlySpan<char> line, out ReadOnlySpan<char> word, out ReadOnlySpan<char> numbers)
        {
            _line++;
            line = line.TrimEnd();
            word = numbers = default;
            if (line.IsEmpty)
            {
                return false;
            }
            int blanks = line.Count(' ') + line.Count('\t');
            if (_line == 1 && blanks == 1 && line.IndexOfAnyExceptInRange('0', '9') is > 0 and int blank && line[(blank + 1)..].IndexOfAnyExceptInRange('0', '9') < 0)
            {
                return false;
            }
            Size = Size == 0 ? blanks : Size;
            int end = line.Length;
            for (int left = Size; left > 0 && end > 0; left--)
            {
                end = line[..end].LastIndexOfAny(' ', '\t');
            }
            // A word may hold blanks, but no number.
            word = end > 0 ? line[..end] : default;
            int inner = word.LastIndexOfAny(' ', '\t');
            if (word.IsEmpty || (inner >= 0 && float.TryParse(word[(inner + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out _) && blanks > Size))
            {
                throw Bad($"{blanks} numbers where the lines before have {Size}. Rows have the same length; the file is damaged or cut off");
            }
            numbers = line[(end + 1)..];
            return true;
        }

        public void Parse(ReadOnlySpan<char> numbers, Span<float> vector)
        {
            int place = 0;
            foreach (Range range in numbers.SplitAny(' ', '\t'))
            {
                if (!float.TryParse(numbers[range], NumberStyles.Float, CultureInfo.InvariantCulture, out vector[place]) || !float.IsFinite(vector[place]))
                {
                    throw Bad($"'{numbers[range]}' is not a number. Take another copy of the file");
                }
                place++;
            }
        }

        private DataException Bad(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{path}, row {_line}: {what}."), path, _line);
    }
}
