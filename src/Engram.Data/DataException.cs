namespace Engram.Data;

/// <summary>
/// The data are at fault: a file that cannot be read, a column that is not there, a cell that is no number, too few rows.
/// The message names what, where and what to do; the properties repeat the place for programs.
/// </summary>
public sealed class DataException : EngramException
{
    /// <summary>Makes an error from its message and, where they are known, its place and its cause.</summary>
    /// <param name="message">What is wrong, where, and what to do about it.</param>
    /// <param name="file">The file, as the caller named it.</param>
    /// <param name="row">The line of the file, 1 the first, the header counted: what an editor shows.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="innerException">The cause.</param>
    public DataException(string message, string? file = null, long? row = null, string? column = null, Exception? innerException = null)
        : base(message, innerException)
    {
        File = file;
        Row = row;
        Column = column;
    }

    /// <summary>The file, as the caller named it; null where no file is concerned.</summary>
    public string? File { get; }

    /// <summary>
    /// The line of the file, 1 the first, the header counted: what an editor shows. For tables made in memory the row, 1 the first.
    /// Null where no single row is concerned.
    /// </summary>
    public long? Row { get; }

    /// <summary>The column's name; null where no single column is concerned.</summary>
    public string? Column { get; }
}
