using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Pretrained vectors of the words of a vocabulary, from a file in the text format of fastText (.vec) and GloVe, also packed with gzip: a line a word, the word
/// and its numbers with blanks between them, with or without a first line of counts. <see cref="CopyTo"/> gives them to an <see cref="Embedding"/>.
/// </summary>
public sealed class WordVectors
{
    private readonly bool[] _found;

    private WordVectors(float[] matrix, int size, bool[] found, double? tokenShare, string sha256) =>
        (Matrix, Size, _found, TokenShare, Sha256) = (matrix, size, found, tokenShare, sha256);

    /// <summary>A vector for each id, [vocabulary, size]: zero for padding, and for words that the file lacks drawn around the mean of those that it has.</summary>
    public float[] Matrix { get; }

    /// <summary>Numbers of a vector.</summary>
    public int Size { get; }

    /// <summary>How many words of the vocabulary the file has.</summary>
    public int FoundCount => _found.Count(isFound => isFound);

    /// <summary>How many words the vocabulary has, the special entries not counted.</summary>
    public int WordCount => _found.Length - Vocabulary.SpecialCount;

    /// <summary>
    /// The share of the tokens that the vocabulary was learnt from, those that are not in it included, whose word the file has: 0 to 1. Null where the vocabulary does not
    /// know how often its tokens occurred.
    /// </summary>
    public double? TokenShare { get; }

    /// <summary>SHA-256 of the file's bytes, packed ones as they stand in it.</summary>
    public string Sha256 { get; }

    /// <summary>Reads the vectors of the words that are needed; the others are passed over. Words must be written as in the vocabulary.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">The words.</param>
    /// <param name="seed">For the vectors of words that the file lacks: normal, of the mean and the deviation that each number has over the words found.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataException">
    /// The file is missing, damaged or empty, a line has another number of numbers than those before or something that is no number, or no word is in it.
    /// </exception>
    public static WordVectors Read(string path, Vocabulary vocabulary, long seed = 0, CancellationToken cancellation = default) =>
        Read(path, vocabulary, null, seed, cancellation);

    /// <summary>
    /// Reads the vectors of the words that are needed. The file's words are brought into the form that the encoder brings texts into, in which several may be the same: then
    /// one that is written like the token counts, else the first.
    /// </summary>
    /// <inheritdoc cref="Read(string, Vocabulary, long, CancellationToken)"/>
    /// <param name="path">The file.</param>
    /// <param name="encoder">The words, and their form.</param>
    /// <param name="seed">For the vectors of words that the file lacks.</param>
    /// <param name="cancellation">Ends it.</param>
    public static WordVectors Read(string path, TextEncoder encoder, long seed = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return Read(path, encoder.Vocabulary, encoder.Form(), seed, cancellation);
    }

    /// <param name="path">The file.</param>
    /// <param name="vocabulary">The words.</param>
    /// <param name="form">The form of the vocabulary's words; null where the file's are taken as they are.</param>
    /// <param name="seed">For the vectors of words that the file lacks.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <inheritdoc cref="Read(string, Vocabulary, long, CancellationToken)"/>
    internal static WordVectors Read(string path, Vocabulary vocabulary, WordForm? form, long seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using CsvSource source = CsvSource.FromFile(path);
        using StreamReader lines = new(source.Open(hash), Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        VectorLines rows = new(path);
        float[] matrix = [];
        Spelling[] spellings = new Spelling[vocabulary.Count];
        while (lines.ReadLine() is { } line)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!rows.TryCut(line, out ReadOnlySpan<char> word, out ReadOnlySpan<char> numbers))
            {
                continue;
            }
            if (matrix.Length == 0)
            {
                matrix = new float[Room(path, vocabulary.Count, rows.Size)];
            }
            Spelling spelling = Spelling.Same;
            if (!vocabulary.TryGetId(word, out int id) && form is not null)
            {
                (spelling, id) = (Spelling.SameForm, vocabulary.IdOf(form(word)));
            }
            if (id >= Vocabulary.SpecialCount && spellings[id] < spelling)
            {
                rows.Parse(numbers, matrix.AsSpan(id * rows.Size, rows.Size));
                spellings[id] = spelling;
            }
        }
        bool[] found = [.. spellings.Select(spelling => spelling != Spelling.None)];
        int count = found.Count(isFound => isFound);
        if (count == 0)
        {
            throw new DataException(
                matrix.Length == 0 ? $"{path} holds no word vectors. Name a file in the text format of fastText or GloVe."
                    : $"{path} has a vector for none of the {vocabulary.Count - Vocabulary.SpecialCount} words. Take vectors of the texts' language, and of small letters where texts are brought to small letters.",
                path);
        }
        Draw(matrix, rows.Size, found, count, new RandomStream(seed).Derive("word vectors"));
        double? share = vocabulary.Counts is { } counts ? counts.Where((_, id) => found[id]).Sum() / Math.Max(1.0, counts.Sum()) : null;
        return new WordVectors(matrix, rows.Size, found, share, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Whether the file has the word of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public bool Has(int id) => (uint)id < (uint)_found.Length ? _found[id] : throw new ArgumentOutOfRangeException(nameof(id), id, $"Ids are 0 … {_found.Length - 1}.");

    /// <summary>Sets the rows of an embedding whose words the file has; the others stay as they are.</summary>
    /// <param name="embedding">A layer whose weights have been made, of the vocabulary's ids and vectors of <see cref="Size"/> numbers.</param>
    /// <exception cref="ArgumentException">The layer has other sizes.</exception>
    /// <exception cref="InvalidOperationException">The layer has no weights yet.</exception>
    public void CopyTo(Embedding embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if ((embedding.Vocabulary, embedding.Size) != (_found.Length, Size))
        {
            throw new ArgumentException($"There are {_found.Length} vectors of {Size} numbers, but the embedding has {embedding.Vocabulary} of {embedding.Size}.", nameof(embedding));
        }
        if (!embedding.IsBuilt)
        {
            throw new InvalidOperationException("The embedding has no weights yet. Build the model first: model.Build(…).");
        }
        float[] rows = embedding.Parameters[0].ToArray();
        for (int id = 0; id < _found.Length; id++)
        {
            if (_found[id])
            {
                Matrix.AsSpan(id * Size, Size).CopyTo(rows.AsSpan(id * Size, Size));
            }
        }
        embedding.Parameters[0].Set(rows);
    }

    /// <summary>Numbers of all vectors together.</summary>
    private static int Room(string path, int words, int size)
    {
        long numbers = (long)words * size;
        return numbers <= Array.MaxLength ? (int)numbers : throw new DataException(string.Create(CultureInfo.InvariantCulture,
            $"{path} has vectors of {size} numbers, too many for a vocabulary of {words}. Use a smaller vocabulary, or shorter vectors."), path);
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

    /// <summary>How a word of the file is written, beside that of the vocabulary; the later the better.</summary>
    private enum Spelling
    {
        None,
        SameForm,
        Same,
    }

    /// <summary>Cuts lines into a word and its numbers.</summary>
    private sealed class VectorLines(string path)
    {
        private long _line;
        private bool _isToldFirst;

        /// <summary>Numbers of a vector; 0 before the first.</summary>
        public int Size { get; private set; }

        private string Told => _isToldFirst ? "the first line tells of" : "the lines before have";

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
            if (line.Contains('\0'))
            {
                throw Bad("this is no text. Take the vectors in the text format (.vec, .txt), not in the binary one");
            }
            int blanks = line.Count(' ') + line.Count('\t');
            if (_line == 1 && blanks == 1 && line.IndexOfAnyExceptInRange('0', '9') is > 0 and int blank && line[(blank + 1)..].IndexOfAnyExceptInRange('0', '9') < 0)
            {
                // How many words, and numbers of each: fewer words may have been kept, but their vectors are as long.
                _isToldFirst = int.TryParse(line[(blank + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0;
                Size = size;
                return false;
            }
            if (blanks == 0)
            {
                throw Bad($"there are no numbers behind '{Start(line)}'. A row is a word and its numbers, with blanks between");
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
                throw Bad($"{blanks} numbers where {Told} {Size}. Rows have the same length; the file is damaged or cut off");
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
                    throw Bad($"'{Start(numbers[range])}' is not a number. Take another copy of the file");
                }
                place++;
            }
        }

        /// <summary>As much of a text as a message takes.</summary>
        private static string Start(ReadOnlySpan<char> text)
        {
            const int most = 40;
            return text.Length <= most ? text.ToString() : $"{text[..most]}…";
        }

        private DataException Bad(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{path}, row {_line}: {what}."), path, _line);
    }
}

/// <summary>The form that a vocabulary's words have. What comes back may be overwritten by the next call.</summary>
internal delegate ReadOnlySpan<char> WordForm(ReadOnlySpan<char> word);
