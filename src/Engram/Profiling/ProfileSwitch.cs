namespace Engram.Profiling;

/// <summary>Whether anybody wants spans: the one variable that is looked at where nobody does.</summary>
internal static class ProfileSwitch
{
    // No initialisers: a type that has any would be checked for them at every look.
    private static volatile bool _isOn;
    private static volatile bool _isTaken;
    private static volatile bool _isListenedTo;

    public static bool IsOn => _isOn;

    /// <summary>Whether a profile is being taken.</summary>
    public static bool IsTaken
    {
        get => _isTaken;
        set
        {
            _isTaken = value;
            _isOn = value || _isListenedTo;
        }
    }

    /// <summary>Whether somebody listens to <see cref="ProfileEvents"/>.</summary>
    public static bool IsListenedTo
    {
        get => _isListenedTo;
        set
        {
            _isListenedTo = value;
            _isOn = value || _isTaken;
        }
    }
}
