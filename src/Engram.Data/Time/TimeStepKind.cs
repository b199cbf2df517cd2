namespace Engram.Data;

/// <summary>How the time stamps of a series follow each other.</summary>
public enum TimeStepKind
{
    /// <summary>No rule was found, or there are no times: rows follow each other, the time between them is unknown.</summary>
    None,

    /// <summary>The same span from row to row: seconds, minutes, hours, days, weeks.</summary>
    Fixed,

    /// <summary>Monday to Friday; holidays are simply not there.</summary>
    BusinessDay,

    /// <summary>The same number of calendar months: monthly, quarterly, yearly.</summary>
    Month,
}
